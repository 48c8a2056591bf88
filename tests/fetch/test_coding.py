from __future__ import annotations

import gzip
import tracemalloc
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import MalformedResponse, TooLarge
from aggregator.fetch.coding import Body

URL = "http://a.test/feed"


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def several_members(data):
    middle = len(data) // 2
    return gzip.compress(data[:middle]) + gzip.compress(b"") + gzip.compress(data[middle:])


PACKERS = {
    "plain": ("", bytes),
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "x-gzip in capitals": (" X-GZIP ", gzip.compress),
    "gzip of several members": ("gzip", several_members),
    "gzip with padding behind": ("gzip", lambda data: gzip.compress(data) + bytes(100)),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", lambda data: brotli.compress(data, quality=5)),
}


def unpack(codings, data, *, limit=10_000_000, piece=None):
    body = Body(URL, codings, limit=limit)
    for start in range(0, len(data), piece or len(data) or 1):
        body.add(data[start : start + (piece or len(data))])
    return body.whole()


@pytest.mark.parametrize("packer", PACKERS)
@given(data=st.binary(max_size=2000), piece=st.integers(1, 50), repeat=st.sampled_from([1, 4000]))
def test_a_body_is_unpacked_however_it_is_cut_into_pieces(packer, data, piece, repeat):
    codings, pack = PACKERS[packer]
    packed = pack(data * repeat)

    assert unpack(codings, packed, piece=max(piece, len(packed) // 50)) == data * repeat


@pytest.mark.parametrize("packer", PACKERS)
def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(packer):
    codings, pack = PACKERS[packer]

    assert len(unpack(codings, pack(b"x" * 600_000), limit=600_000)) == 600_000
    with pytest.raises(TooLarge, match="600,000 bytes") as caught:
        unpack(codings, pack(b"x" * 600_001), limit=600_000)
    assert caught.value.remedy


@pytest.mark.parametrize("packer", ["gzip", "zlib", "raw deflate", "brotli"])
@pytest.mark.parametrize("lost", [1, 5, 20])
def test_a_body_that_is_cut_off_is_no_body(packer, lost):
    codings, pack = PACKERS[packer]
    packed = pack(bytes(range(256)) * 20)

    with pytest.raises(MalformedResponse, match="cut off"):
        unpack(codings, packed[:-lost])


MALFORMED = {
    "a checksum that is wrong": ("gzip", gzip.compress(b"hello", mtime=0)[:-8] + bytes(8)),
    "a mark and then noise": ("gzip", b"\x1f\x8b\xff\xff\xff\xff\xff\xff\xff\xff"),
    "noise as deflate": ("deflate", b"\xff\xff\xff\xff\xff"),
    "text as brotli": ("br", b"<rss>this is no brotli</rss>" * 10),
    "gzip in gzip": ("gzip, gzip", gzip.compress(gzip.compress(b"hello"))),
    "two codings": ("gzip, br", b""),
    "a coding not asked for": ("zstd", b"\x28\xb5\x2f\xfd"),
    "an unknown coding": ("xyzzy", b"hello"),
    "twenty codings": (", ".join(["gzip"] * 20), b""),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_cannot_be_unpacked_is_malformed(case):
    codings, data = MALFORMED[case]

    with pytest.raises(MalformedResponse) as caught:
        unpack(codings, data)

    assert URL in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("plain", [b"<rss/>", b"{}", b"x", b""])
def test_a_body_that_only_says_it_is_gzip_is_taken_as_it_is(plain):
    assert unpack("gzip", plain) == plain
    assert unpack("gzip", plain, piece=1) == plain


def test_thousands_of_empty_gzip_members_are_an_attack():
    with pytest.raises(MalformedResponse, match="members"):
        unpack("gzip", gzip.compress(b"") * 5_000)


@pytest.mark.parametrize("packer", ["gzip", "zlib", "raw deflate", "brotli"])
def test_a_bomb_ends_at_the_limit_and_not_in_memory(packer):
    codings, pack = PACKERS[packer]
    bomb = pack(bytes(20_000_000))
    tracemalloc.start()

    with pytest.raises(TooLarge):
        unpack(codings, bomb, limit=2_000_000)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


@given(
    st.sampled_from(["", "gzip", "deflate", "br"]),
    st.lists(st.binary(max_size=60), max_size=6),
    st.sampled_from([b"", b"\x1f\x8b\x08\x00", b"\x78\x9c"]),
)
def test_noise_is_unpacked_or_refused_and_never_anything_else(codings, pieces, head):
    body = Body(URL, codings, limit=10_000)

    with suppress(MalformedResponse, TooLarge):
        for piece in [head, *pieces]:
            body.add(piece)
        body.whole()
