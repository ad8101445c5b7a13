using ILGPU;

namespace GpuNets.Kernels;

/// <summary>One direction of a recurrent layer as the kernels of whole sequences take it; see <see cref="RecurrentDirection"/>.</summary>
internal struct TeamDirection
{
    /// <summary>Absent buffers are stood in for by present ones: a view must have memory.</summary>
    public ArrayView<float> Weight, Bias, Gates, Hidden, Cell, HiddenGradient, CellGradient;

    /// <summary>0 from the first step, 1 from the last.</summary>
    public int Index;

    public int HasBias;

    public TeamDirection(RecurrentDirection direction)
    {
        Weight = direction.HiddenWeight.Floats;
        Bias = (direction.HiddenBias ?? direction.HiddenWeight).Floats;
        Gates = direction.Gates.Floats;
        Hidden = direction.Hidden.Floats;
        Cell = (direction.Cell ?? direction.Hidden).Floats;
        HiddenGradient = (direction.HiddenGradient ?? direction.Hidden).Floats;
        CellGradient = (direction.CellGradient ?? direction.HiddenGradient ?? direction.Hidden).Floats;
        Index = direction.Index;
        HasBias = direction.HiddenBias is null ? 0 : 1;
    }
}
