"""The document is OpenAPI 3.1, and says what the table of pages says."""

from http import HTTPStatus

from openapi_spec_validator import OpenAPIV31SpecValidator

from loyalty_stream.ops.web.customers import CUSTOMER
from loyalty_stream.ops.web.health import ALIVE, METRICS, READY
from loyalty_stream.ops.web.history import BALANCE, EXPLAIN, JOURNAL
from loyalty_stream.ops.web.openapi import DOCUMENT, document
from loyalty_stream.ops.web.pipeline import LIVE, PIPELINE
from loyalty_stream.ops.web.programs import LIABILITY, PROGRAMS

PAGES = [METRICS, ALIVE, READY, CUSTOMER, JOURNAL, EXPLAIN, BALANCE, PROGRAMS, LIABILITY, PIPELINE, LIVE, DOCUMENT]


def test_it_is_valid() -> None:
    for guarded in (True, False):
        OpenAPIV31SpecValidator(document(PAGES, guarded=guarded)).validate()


def test_it_has_each_page_with_its_parameters_and_each_status() -> None:
    told = document(PAGES, guarded=False)["paths"]
    assert told.keys() == {page.path for page in PAGES}
    for page in PAGES:
        operation = told[page.path]["get"]
        assert [each["name"] for each in operation["parameters"]] == [each.name for each in page.parameters]
        assert operation["responses"].keys() == {str(status.value) for status in {*page.replies, *page.problems}}


def test_only_what_is_below_v1_asks_for_the_token_and_only_where_one_is_set() -> None:
    told = document(PAGES, guarded=True)["paths"]
    asking = {path for path, item in told.items() if item["get"]["security"]}
    assert asking == {path for path in told if path.startswith("/v1/")}
    assert all(str(HTTPStatus.UNAUTHORIZED.value) in told[path]["get"]["responses"] for path in asking)
    assert not any(item["get"]["security"] for item in document(PAGES, guarded=False)["paths"].values())


def test_no_two_operations_have_one_name() -> None:
    names = [item["get"]["operationId"] for item in document(PAGES, guarded=True)["paths"].values()]
    assert len(set(names)) == len(names)
