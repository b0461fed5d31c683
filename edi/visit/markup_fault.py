"""What is wrong with text that is not well-formed XML, in words of our own.

libxml2's words repeat names, entities and comments as they stand in the text. In torn text any of them may be a person's name.
"""

from __future__ import annotations

from typing import Any

from lxml.etree import ErrorTypes

_ESCAPE = "a < or & is neither markup nor written as &lt; or &amp;"
_TAG = "a tag is not written as XML has it"
_END = "an element does not end, or ends under another name"
_CHARACTER = "a character stands there that XML does not have"

_WORDS = {
    ErrorTypes.ERR_DOCUMENT_EMPTY: "no element stands there",
    ErrorTypes.ERR_DOCUMENT_END: "it ends too early, or something follows its outermost element",
    ErrorTypes.ERR_INVALID_HEX_CHARREF: _CHARACTER,
    ErrorTypes.ERR_INVALID_DEC_CHARREF: _CHARACTER,
    ErrorTypes.ERR_INVALID_CHARREF: _CHARACTER,
    ErrorTypes.ERR_INVALID_CHAR: _CHARACTER,
    ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: _ESCAPE,
    ErrorTypes.ERR_UNDECLARED_ENTITY: _ESCAPE,
    ErrorTypes.WAR_UNDECLARED_ENTITY: _ESCAPE,
    ErrorTypes.ERR_NAME_REQUIRED: _ESCAPE,
    ErrorTypes.ERR_UNSUPPORTED_ENCODING: "its encoding is not known; save it as UTF-8",
    ErrorTypes.ERR_INVALID_ENCODING: "bytes are not of its encoding; save it as UTF-8",
    ErrorTypes.ERR_LT_IN_ATTRIBUTE: _ESCAPE,
    ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED: _TAG,
    ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE: _TAG,
    ErrorTypes.ERR_ATTRIBUTE_REDEFINED: "an element has an attribute twice",
    ErrorTypes.ERR_MISPLACED_CDATA_END: "]]> stands in a text; write ]]&gt;",
    ErrorTypes.ERR_SPACE_REQUIRED: _TAG,
    ErrorTypes.ERR_GT_REQUIRED: _TAG,
    ErrorTypes.ERR_TAG_NAME_MISMATCH: _END,
    ErrorTypes.ERR_TAG_NOT_FINISHED: _END,
    ErrorTypes.ERR_HYPHEN_IN_COMMENT: "a comment has -- in it",
    ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "a name has a prefix that nothing explains",
}


def markup_fault(log: Any) -> tuple[int, str]:
    """The line of the first fault that a parser noted (`feed_error_log`), and what it is. Others may be its consequences."""
    if not len(log):
        return 1, "there is nothing in it"
    return log[0].line, _WORDS.get(log[0].type, "its markup is not XML's")
