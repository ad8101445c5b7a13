namespace GpuNets.Kernels;

/// <summary>
/// The form of a row kernel for the host alone: many rows in one method, what is left of a row beyond whole registers under a mask. A
/// row of 60 floats is four registers; as a team's row it costs more calls and single elements than work.
/// </summary>
internal interface IHostRows
{
    void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>;
}
