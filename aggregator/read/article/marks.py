"""What page makers call the parts of an article page: tables of data, no code but their compilation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

BODIES: Final[Mapping[str, str]] = {
    "vsb": (
        "v_news_content vsb_content vsb_content_2 vsb_content_4 vsb_content_6 vsb_content_8 vsb_content_100 vsb_content_500 vsb_content_501 vsb_newscontent"
    ),
    "webplus": "wp_articlecontent",
    "wordpress": (
        "entry-content wp-block-post-content td-post-content post-content single-content the-content thecontent post_content tdb-block-inner-content"
    ),
    "drupal": "field--name-body field-name-body field--name-field-body field--name-field-text",
    "typo3": "news-text-wrap news-single-text",
    "plone": "parent-fieldname-text",
    "bitrix": "news-detail-text detail_text detail-text news-detail__text news-text",
    "liferay": "journal-content-article",
    "joomla": "com-content-article__body item-page__content itemfulltext",
    "trs": "trs_editor trs_ueditor trs_web",
    "article": (
        "article-body articlebody article__body article_body article-content articlecontent article__content article_content article-text articletext article_text "
        "article-main-body article-body-content article-copy article-detail-content article-fulltext storytext story-text story-body story-body-text story-content "
        "storybody story__body story_body news-body news-content newscontent news_content news-detail-content newsdetail-content news__content content-text post-body post__content "
        "post__body postbody blog-content blog-post-content entry-body entry__content entrytext body-copy bodycopy rich-text-body body-text bodytext content-body "
        "content__body contentbody c-article-body node__content artical-content articlecon article-con detail-content detailcontent read-content con_txt texttext "
    ),
}
"""CMS → classes or ids of the element that holds the text of an article, in lower case. Any of them may also stand as an id."""

BODY_MARKS: Final[dict[str, str]] = {mark: cms for cms, marks in BODIES.items() for mark in marks.split()}

# One word of a class or an id. "-", "_", digits and changes of case end a word; "-" stands for any of them.
_SURE_CHROME_WORDS = (
    "cookie cookies cookiebar consent gdpr ccpa privacy-overview comments comment commentlist comment-list comment-respond comments-area disqus respond trackbacks livefyre "
    "footer site-footer page-footer foot footnav colophon newsletter newsletters outbrain taboola zergnet related relateds related-posts related-articles yarpp jp-relatedposts crp "
    "breadcrumb breadcrumbs crumbs nav navbar navigation menu menus submenu mega-menu advertisement advertising adsense adslot recirc recirculation "
    "most-read mostread most-popular mostpopular recommended recommendation recommendations recommends pagination pager prevnext prev-next post-navigation nav-links "
    "sharedaddy addthis addtoany a2a social-share share-bar sharebar share-buttons social-links bdsharebuttonbox bshare jiathis login-form signup-form skiplinks skip-link".split()
)
_CHROME_WORDS = (
    "ad ads adv advert adverts adbox ad-slot sponsor sponsored sponsoring promo promos promotion promotional banner banners navi breadcrum "
    "aside sidecol sidebar side-bar rightcol rail trending copyright imprint masthead topbar toolbar tools utility utilities share sharing shares sociable social socials reactions coral "
    "relation readmore read-more morelinks more-news more-stories similar suggested suggestions popular latest subscribe subscription signup sign-up login "
    "regwall piano popup modal overlay lightbox tooltip paginator pagenav postnav taglist tag-list tagcloud tags keywords printer feedback rating ratings vote votes "
    "sr-only visually-hidden screen-reader-text screenreader noprint no-print author-bio authorbio authorbox author-box about-author about-the-author aboutauthor bio biography "
    "toc ez-toc table-of-contents inhaltsverzeichnis postmeta post-meta entry-meta article-meta postmetadata byline author-card post-category post-categories post-author contact-teaser kommentare kommentar comentarios commentaires commenti "
    "hotnews xgwz xgyd pagetop gotop backtop weizhi dqwz".split()
)
_CHROME_TOKENS = "widget widgets widget-area hidden invisible tags tag topics hide d-none hidden-print".split()
"""These only as a whole class: ``overflow-hidden`` hides nothing, ``tag-physics`` is how WordPress says what an article is about."""

_IGNORED = re.compile(
    r"(?<!\S)(?:(?:tag|tags|category|categories|cat|has|is|no|not|with|without|post|postid|type|status|format|single|js|template|theme|topic|section|layout)[-_]|\S*?not-a-)\S+"
)


def _alternatives(words: list[str]) -> str:
    return "|".join(sorted((re.escape(word).replace(r"\-", "[-_]?") for word in words), key=len, reverse=True))


_TOKENS = "|".join(_CHROME_TOKENS)
CHROME: Final = re.compile(rf"(?<![a-z])(?:{_alternatives(_CHROME_WORDS + _SURE_CHROME_WORDS)})(?![a-z])|(?<!\S)(?:{_TOKENS})(?!\S)")
"""Searched in the classes and the id of an element, in lower case with camel case split by "-"."""

SURE_CHROME: Final = re.compile(rf"(?<![a-z])(?:{_alternatives(_SURE_CHROME_WORDS)})(?![a-z])")
"""The part of them that no page maker gives to the text of an article."""

IGNORED: Final = _IGNORED
"""Classes that say in which state or category something is, not what it is."""

CHROME_TAGS: Final = frozenset("nav footer aside form dialog menu button select input textarea".split())
CHROME_ROLES: Final = frozenset(
    "navigation banner complementary contentinfo search menu menubar dialog alert alertdialog form toolbar tablist".split()
)

CAPTIONS: Final = re.compile(
    r"(?<![a-z])(?:caption|captions|figcaption|credit|credits|photo-?credit|image-?credit|img-?credit|copyright|image-?source|img-metadata|bildunterschrift|bildquelle|bildnachweis|pie-de-foto|didascalia)(?![a-z])"
)
"""Classes of what stands under a picture."""

ARTICLE_TYPES: Final = re.compile(r"(?:article|blogposting|socialmediaposting|report|newsitem|reportage)$", re.IGNORECASE)
"""Names of schema.org types that are articles."""
