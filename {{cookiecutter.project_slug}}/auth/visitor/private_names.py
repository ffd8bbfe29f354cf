"""The names of Streamlit's internals that the login leans on. `internals` looks whether they are there."""

from typing import Final

TESTED: Final = ("1.67", "1.68")  # from the first on, before the second

# In each module: names, with the attributes and fields that are read of what has them.
NAMES: Final = {
    "streamlit.net_util": "get_internal_ip",
    "streamlit.url_util": "get_hostname",
    "streamlit.proto.BackMsg_pb2": (
        "BackMsg.app_heartbeat BackMsg.rerun_script.cached_message_hashes "
        "BackMsg.rerun_script.context_info BackMsg.rerun_script.fragment_id "
        "BackMsg.rerun_script.is_auto_rerun BackMsg.rerun_script.is_history_navigation "
        "BackMsg.rerun_script.page_name BackMsg.rerun_script.page_script_hash "
        "BackMsg.rerun_script.query_string BackMsg.rerun_script.widget_states.widgets.id "
        "BackMsg.rerun_script.widget_states.widgets.json_value "
        "BackMsg.rerun_script.widget_states.widgets.string_value "
        "BackMsg.rerun_script.widget_states.widgets.trigger_value "
        "BackMsg.file_urls_request.request_id BackMsg.backend_operation_request.request_id "
        "BackMsg.backend_operation_request.deferred_file.file_id"
    ),
    "streamlit.proto.PageConfig_pb2": "PageConfig.LAYOUT_UNSET PageConfig.SIDEBAR_UNSET",
    "streamlit.proto.ForwardMsg_pb2": (
        "ForwardMsg.logo.image ForwardMsg.logo.size ForwardMsg.page_config_changed.favicon "
        "ForwardMsg.page_config_changed.initial_sidebar_state "
        "ForwardMsg.page_config_changed.layout "
        "ForwardMsg.navigation.app_pages.page_name ForwardMsg.navigation.app_pages.icon "
        "ForwardMsg.new_session.main_script_path ForwardMsg.new_session.app_pages "
        "ForwardMsg.script_finished "
        "ForwardMsg.session_event.script_compilation_exception.message "
        "ForwardMsg.session_event.script_compilation_exception.stack_trace"
    ),
    "streamlit.runtime": "get_instance",
    "streamlit.runtime.runtime": "Runtime.is_active_session",
    "streamlit.runtime.runtime_util": "get_max_widget_state_size_bytes",
    "streamlit.runtime.scriptrunner": "get_script_run_ctx",
    "streamlit.runtime.scriptrunner_utils.script_run_context": (
        "ScriptRunContext.cursors ScriptRunContext.enqueue ScriptRunContext.fragment_storage "
        "ScriptRunContext.page_script_hash ScriptRunContext.pages_manager "
        "ScriptRunContext.session_id ScriptRunContext.session_state"
    ),
    "streamlit.runtime.pages_manager": "PagesManager.get_pages",
    "streamlit.runtime.fragment": "FragmentStorage.clear",
    "streamlit.runtime.state.safe_session_state": "SafeSessionState._state",
    "streamlit.runtime.state.session_state": (
        "STREAMLIT_INTERNAL_KEY_PREFIX SessionState._new_widget_state SessionState.clear "
        "SessionState.filtered_state WStates.states WStates.widget_metadata"
    ),
    "streamlit.runtime.state.common": (
        "WidgetMetadata.callback WidgetMetadata.callbacks is_keyed_element_id"
    ),
    "streamlit.web.server.starlette.starlette_websocket": "_parse_subprotocols",
}

# What browsers ask for below this address: see the wall.
ROUTES: Final = {
    "streamlit.web.server.starlette.starlette_routes": {
        "BASE_ROUTE_CORE": "_stcore",
        "BASE_ROUTE_UPLOAD_FILE": "_stcore/upload_file",
    },
}
