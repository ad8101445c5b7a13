using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// dy in panels [image][group][panel][position][32]: positions are those of the laid-out source, zero between the rows of the grid, and so
/// are outputs beyond the last. One launch row per position.
/// </summary>
internal struct ConvPanels : IRowElementKernel
{
    public ArrayView<float> Dy, Panels;

    /// <summary>Divide by the positions of a line, the panels of a group and the pitch of rows.</summary>
    public StridedAxis Length, PanelAxis, Pitches;
    public int Out, Columns, Plane;

    public static DeviceBuffer Of(TapConv conv, in TapLayout layout, DeviceBuffer dy, int panels)
    {
        int rows = checked(conv.Batch * conv.Groups * panels * layout.Length);
        var target = dy.Device.Allocate(checked(rows * Row32.Width), "packed gradient");
        dy.Device.ForRowElements(
            new ConvPanels
            {
                Dy = dy.Floats,
                Panels = target.Floats,
                Length = new StridedAxis(layout.Length, 0, 0),
                PanelAxis = new StridedAxis(panels, 0, 0),
                Pitches = new StridedAxis(layout.Pitch, 0, 0),
                Out = conv.Out,
                Columns = conv.Columns,
                Plane = conv.TargetPlane,
            },
            rows, Row32.Width, 1f);
        return target;
    }

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int line = Length.Divide(row), position = row - line * Length.Size, part = PanelAxis.Divide(line), first = (line - part * PanelAxis.Size) * Row32.Width;
        int p = Pitches.Divide(position), q = position - p * Pitches.Size;
        loop.Each(new Body
        {
            Dy = Dy.Ptr() + ((part * Out + first) * Plane + (q < Columns ? p * Columns + q : 0)),
            Panels = Panels.Ptr() + row * Row32.Width,
            Plane = Plane,
            Count = q < Columns ? Out - first : 0,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* Dy, Panels;
        public int Plane, Count;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float value = Dy[lane < Count ? lane * Plane : 0];
                Panels[lane] = lane < Count ? value : 0f;
            }
        }
    }
}
