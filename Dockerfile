FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /src
COPY pyproject.toml uv.lock hatch_build.py README.md LICENSE ./
COPY aggregator aggregator
COPY config config
RUN uv export --locked --no-dev --extra postgres --extra notify --no-emit-project --output-file requirements.txt \
 && python -m venv /opt/aggregator \
 && /opt/aggregator/bin/pip install --no-cache-dir --requirement requirements.txt \
 && uv build --wheel && /opt/aggregator/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.13-slim
COPY --from=build /opt/aggregator /opt/aggregator
RUN useradd --system --uid 10001 --home-dir /data aggregator && mkdir /data && chown aggregator /data \
 && /opt/aggregator/bin/aggregator init /config
USER 10001
WORKDIR /data
VOLUME /data
ENV AGGREGATOR_HOST=0.0.0.0 AGGREGATOR_CONFIG=/config AGGREGATOR_DATABASE=sqlite:////data/aggregator.db
EXPOSE 8000
HEALTHCHECK CMD ["/opt/aggregator/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
ENTRYPOINT ["/opt/aggregator/bin/aggregator"]
CMD ["run"]
