using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Lays a source out as a <see cref="Lattice"/> says: y[plane, a, b] = x[channel, (a + FirstY) StepY + phase Y, (b + FirstX) StepX +
/// phase X] or 0 outside. One launch row per row of a plane; planes are [image][channel][phase].
/// </summary>
internal struct LatticeKernel : IRowElementKernel
{
    public ArrayView<float> X, Y;

    /// <summary>Row and column of each phase.</summary>
    public ArrayView<int> PhaseTable;

    /// <summary>Rows of a plane, phases of a channel.</summary>
    public StridedAxis Heights, Phases;
    public int SourceHeight, SourceWidth, StepY, StepX, FirstY, FirstX, Pitch;

    /// <summary>Lays out all channels of a batch; positions behind the last plane are left alone.</summary>
    public static void Launch(DeviceBuffer source, DeviceBuffer target, TapConv conv, Lattice layout)
    {
        int[] phases = [.. layout.Phases.SelectMany(phase => new[] { phase.Y, phase.X })];
        var device = target.Device;
        device.ForRowElements(
            new LatticeKernel
            {
                X = source.Floats,
                Y = target.Floats,
                PhaseTable = device.Tables.Get(phases),
                Heights = new StridedAxis(layout.Height, 0, 0),
                Phases = new StridedAxis(layout.Phases.Length, 0, 0),
                SourceHeight = conv.SourceHeight,
                SourceWidth = conv.SourceWidth,
                StepY = conv.StepY,
                StepX = conv.StepX,
                FirstY = layout.FirstY,
                FirstX = layout.FirstX,
                Pitch = layout.Pitch,
            },
            checked(conv.Batch * conv.Groups * conv.In * layout.Phases.Length * layout.Height), layout.Pitch, 1f);
    }

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int plane = Heights.Divide(row), channel = Phases.Divide(plane);
        int* phase = PhaseTable.Ptr() + 2 * (plane - channel * Phases.Size);
        int y = (row - plane * Heights.Size + FirstY) * StepY + phase[0];
        bool inside = y >= 0 && y < SourceHeight;
        loop.Each(new Body
        {
            X = X.Ptr() + (channel * SourceHeight + (inside ? y : 0)) * SourceWidth,
            Y = Y.Ptr() + row * Pitch,
            First = FirstX * StepX + phase[1],
            Step = StepX,
            Width = inside ? SourceWidth : 0,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int First, Step, Width;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int x = First + lane * Step;
                // Not a branch around the load: PoCL then makes vector code of it.
                bool inside = x >= 0 && x < Width;
                float value = X[inside ? x : 0];
                Y[lane] = inside ? value : 0f;
            }
        }
    }
}
