"""TensorBoard: the metrics of a run as an event file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.summary.writer.record_writer import RecordWriter

from explorer.core.recording.header import RunHeader
from explorer.core.settings.files import to_toml
from explorer.export.files import new_folder
from explorer.export.request import Request
from explorer.export.sharing import shared_config
from explorer.export.tables import metrics_of

_PREFIX = "events.out.tfevents."
"""How TensorBoard knows an event file."""
_VERSION = "brain.Event:2"


def write_tensorboard(request: Request) -> list[Path]:
    """Write a folder for ``tensorboard --logdir``: scalars of all frames, and the settings as a text.

    A name such as ``loss.cross-entropy`` becomes ``loss/cross-entropy``, which TensorBoard groups. The time
    of a frame is that of the start of the recording, plus the seconds of training until then.
    """
    header, frames = request.recording.header, request.frames()
    start = datetime.fromisoformat(header.created).timestamp()
    with new_folder(request.out, force=request.force, is_part=_is_event_file) as folder:
        path = folder / f"{_PREFIX}{int(start)}.loss-explorer"
        with path.open("wb") as output:
            writer = RecordWriter(output)
            writer.write(Event(wall_time=start, file_version=_VERSION).SerializeToString())
            writer.write(Event(wall_time=start, summary=_settings(header)).SerializeToString())
            for snapshot in frames:
                metrics = metrics_of(snapshot)
                step, elapsed = int(metrics.pop("step")), metrics.pop("elapsed")
                values = [
                    Summary.Value(tag=name.replace(".", "/", 1), simple_value=value)
                    for name, value in metrics.items()
                ]
                event = Event(wall_time=start + elapsed, step=step, summary=Summary(value=values))
                writer.write(event.SerializeToString())
    return [request.out]


def _settings(header: RunHeader) -> Summary:
    """Return the settings at the start as Markdown, for the plug-in of TensorBoard that shows texts."""
    settings = to_toml(shared_config(header.config))
    content = f"`loss-explorer {header.version}` `{header.run}`\n\n```toml\n{settings}```"
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    tensor = TensorProto(dtype=DT_STRING, string_val=[content.encode()])
    return Summary(value=[Summary.Value(tag="settings", metadata=metadata, tensor=tensor)])


def _is_event_file(name: str) -> bool:
    return name.startswith(_PREFIX)
