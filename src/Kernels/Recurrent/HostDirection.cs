namespace GpuNets.Kernels;

/// <summary>Addresses of one direction of a recurrent layer in host memory; see <see cref="RecurrentDirection"/>.</summary>
internal unsafe struct HostDirection<TLanes, T> where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    public int Index;
    public float* Weight, Bias, Gates, Hidden, Cell, HiddenGradient, CellGradient;

    /// <summary>W_hh^T packed for the way forward, W_hh for the way back.</summary>
    public HostPanels<TLanes, T> Panels;

    public readonly int StepAt(int order, int time) => Index == 1 ? time - 1 - order : order;

    public readonly int Before(int step) => Index == 1 ? step + 1 : step;

    /// <summary>A row of the batch at a step.</summary>
    public readonly CellRow Row(int row, int step, in RecurrentSize size)
    {
        nint before = (Before(step) * (nint)size.Batch + row) * size.Units;
        nint after = before + (Index == 1 ? -size.State : size.State);
        return new CellRow
        {
            Gates = Gates + ((nint)step * size.Batch + row) * 4 * size.Units,
            HiddenBefore = Hidden + before,
            CellBefore = Cell + before,
            Hidden = Hidden + after,
            Cell = Cell + after,
            Units = size.Units,
        };
    }
}
