"""The messages of browsers, and those to them."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from auth.visitor.messages import Request, discreet


def test_a_request_is_read() -> None:
    request = Request(BackMsg(clear_cache=True).SerializeToString())
    assert (request.kind, request.find_problem(of_stranger=True)) == ("clear_cache", None)
    request = Request(b"")
    assert (request.kind, request.find_problem(of_stranger=False)) == ("", "no request")


def test_what_is_no_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a message"):
        Request(b"\xff\xff\xff")


@pytest.mark.parametrize("place", ["fragment", "files", "operation", "deferred"])
def test_an_id_that_would_break_the_line_of_a_log_is_noticed(place: str) -> None:
    message = BackMsg()
    if place == "fragment":
        message.rerun_script.fragment_id = "a\nb"
    elif place == "files":
        message.file_urls_request.request_id = "a\rb"
    elif place == "operation":
        message.backend_operation_request.request_id = "a\u2028b"
    else:
        message.backend_operation_request.deferred_file.file_id = "a\x1bb"
    assert Request(message.SerializeToString()).find_problem(of_stranger=False) == "unprintable id"


def test_the_run_of_a_stranger_has_what_the_page_knows_of_its_browser() -> None:
    message = BackMsg()
    message.rerun_script.fragment_id = "a fragment"
    message.rerun_script.page_name = "about"
    message.rerun_script.context_info.locale = "de"
    message.rerun_script.widget_states.widgets.add(id="1", string_value="typed")
    request = Request(message.SerializeToString())

    def built(*, with_widgets: bool, with_fragment: bool) -> BackMsg:
        message = BackMsg()
        message.ParseFromString(
            request.run_of_a_stranger(with_widgets=with_widgets, with_fragment=with_fragment)
        )
        return message

    assert built(with_widgets=True, with_fragment=True) == message
    message.rerun_script.fragment_id = ""
    assert built(with_widgets=True, with_fragment=False) == message
    message.rerun_script.ClearField("widget_states")
    assert built(with_widgets=False, with_fragment=False) == message


def test_the_list_of_pages_goes_out_without_titles_and_icons() -> None:
    message = ForwardMsg()
    message.navigation.app_pages.add(page_name="Secret plans", icon="🏠", url_pathname="plans")
    data = discreet(message.SerializeToString())
    assert b"Secret" not in data
    assert "🏠".encode() not in data
    assert b"plans" in data


def test_the_path_of_the_script_stays_here() -> None:
    message = ForwardMsg()
    message.new_session.main_script_path = "/srv/secret/main.py"
    message.new_session.initialize.session_id = "id"
    data = discreet(message.SerializeToString())
    assert b"/srv" not in data
    assert b"id" in data


def test_the_source_of_an_error_stays_here() -> None:
    message = ForwardMsg()
    error = message.session_event.script_compilation_exception
    error.type, error.message = "SyntaxError", 'password = "hunter2" oops'
    error.stack_trace.append("main.py, line 3")
    data = discreet(message.SerializeToString())
    assert b"hunter2" not in data
    assert b"line 3" not in data
    assert b"Its log says where" in data


def test_any_other_message_is_the_same() -> None:
    message = ForwardMsg()
    message.delta.new_element.text.body = "Secret plans"
    data = message.SerializeToString()
    assert discreet(data) is data
    assert discreet(b"x" * 10**6) == b"x" * 10**6
