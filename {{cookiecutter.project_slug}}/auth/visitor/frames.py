"""Components of the first kind, each in a frame, without what Streamlit's own functions import.

That is pandas and PyArrow, whatever the arguments are.
"""

import json
from pathlib import Path
from typing import Final

from streamlit.delta_generator import DeltaGenerator

from auth.visitor import internals

# As in `private_names`: only these need them.
NAMES: Final = {
    "streamlit.components.types.base_component_registry": (
        "BaseComponentRegistry.register_component"
    ),
    "streamlit.components.v1.custom_component": "CustomComponent",
    "streamlit.delta_generator": "DeltaGenerator._enqueue",
    "streamlit.elements.lib.form_utils": "current_form_id",
    "streamlit.elements.lib.utils": "compute_and_register_element_id",
    "streamlit.proto.Components_pb2": (
        "ComponentInstance.component_name ComponentInstance.form_id ComponentInstance.id "
        "ComponentInstance.json_args"
    ),
    "streamlit.runtime.runtime": "Runtime.component_registry",
}
internals.rely_on(NAMES)

_ComponentInstance = internals.take("streamlit.proto.Components_pb2", "ComponentInstance")
_CustomComponent = internals.take("streamlit.components.v1.custom_component", "CustomComponent")
_form_id_of = internals.take("streamlit.elements.lib.form_utils", "current_form_id")
_new_element_id = internals.take("streamlit.elements.lib.utils", "compute_and_register_element_id")


def serve(name: str, folder: Path) -> None:
    """Serve the files of a component, which nobody needs to have imported.

    Args:
        name: Its module, a dot, and what it is called there.
        folder: Where its files are.
    """
    module = name.rpartition(".")[0]
    component = _CustomComponent(name=name, path=str(folder), module_name=module)
    internals.runtime().component_registry.register_component(component)


def draw(name: str, place: DeltaGenerator, key: str, **arguments: object) -> None:
    """Draw a component. What it sends as its value is for nobody.

    Args:
        name: As `serve` takes it.
        place: Where to draw it.
        key: The key of the widget that it is.
        arguments: What JSON can say.
    """
    frame = _ComponentInstance(
        id=_new_element_id(
            "component_instance",
            user_key=key,
            dg=place,
            key_as_main_identity={"name", "url"},
            name=name,
            url=None,
        ),
        component_name=name,
        json_args=json.dumps(arguments),
        form_id=_form_id_of(place),
    )
    place._enqueue("component_instance", frame)
