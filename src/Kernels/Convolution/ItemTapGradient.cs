using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient to the weight for CPUs under OpenCL: each item computes a register tile of 4 terms (channel, tap) by 32 output channels over
/// all positions of some images. Terms are read in place from the laid-out source, dy from panels [position][32]. The parts of the batch
/// have sums of their own, which <see cref="ConvTotal"/> adds in order.
/// </summary>
internal struct ItemTapGradient : IGridKernel
{
    private const int Rows = 4, MaxGroup = 16;

    /// <summary>Panels of dy [image][group][panel][position][32], sums [part][group][term][panel][32].</summary>
    public ArrayView<float> Dy, Sums;
    public TapLayout Layout;
    public int Terms, Panels, Groups, Batch, Splits;

    public static void Run(TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        var device = dw.Device;
        var layout = TapLayout.Of(conv, source, slack: 0, out var copy);
        int panels = (conv.Out + Row32.Width - 1) / Row32.Width, splits = ConvPlan.ItemSplits(conv.Batch);
        var packed = ConvPanels.Of(conv, layout, dy, panels);
        var sums = device.Allocate(checked(splits * conv.Groups * conv.Terms * panels * Row32.Width), "partial gradients of a weight");
        int tiles = (conv.Terms + Rows - 1) / Rows, group = Math.Min(GemmPlan.ItemGroup(tiles), device.Accelerator.MaxNumThreadsPerGroup);
        device.ForGrid(
            new ItemTapGradient
            {
                Dy = packed.Floats,
                Sums = sums.Floats,
                Layout = layout,
                Terms = conv.Terms,
                Panels = panels,
                Groups = conv.Groups,
                Batch = conv.Batch,
                Splits = splits,
            },
            new KernelConfig(new Index3D(panels, (tiles + group - 1) / group, checked(splits * conv.Groups)), new Index3D(1, group, 1)), MaxGroup);
        ConvTotal.Launch(conv, sums, splits, termStep: panels * Row32.Width, outStep: 1, outs: panels * Row32.Width, dw, accumulate);
        sums.Free();
        packed.Free();
        copy?.Free();
    }

    public readonly void Run()
    {
        int row = (Grid.IdxY * Group.DimY + Group.IdxY) * Rows, last = Terms - 1, split = Grid.IdxZ / Groups, group = Grid.IdxZ - split * Groups;
        int t0 = Layout.Term(Smaller(row, last)), t1 = Layout.Term(Smaller(row + 1, last));
        int t2 = Layout.Term(Smaller(row + 2, last)), t3 = Layout.Term(Smaller(row + 3, last));
        int end = (int)((long)Batch * (split + 1) / Splits);
        Row32 s0 = default, s1 = default, s2 = default, s3 = default;
        for (int n = (int)((long)Batch * split / Splits); n < end; n++)
        {
            int part = n * Groups + group, x = part * Layout.In * Layout.Channel + Layout.First, panel = (part * Panels + Grid.IdxX) * Layout.Length * Row32.Width;
            for (int k = 0; k < Layout.Length; k++)
            {
                var dy = Row32.Load(Dy, panel);
                panel += Row32.Width;
                s0 = Row32.MulAdd(Layout.Source[x + t0], dy, s0);
                s1 = Row32.MulAdd(Layout.Source[x + t1], dy, s1);
                s2 = Row32.MulAdd(Layout.Source[x + t2], dy, s2);
                s3 = Row32.MulAdd(Layout.Source[x + t3], dy, s3);
                x++;
            }
        }
        int step = Panels * Row32.Width, target = (Grid.IdxZ * Terms + row) * step + Grid.IdxX * Row32.Width;
        if (row < Terms) Row32.Store(Sums, target, s0);
        if (row + 1 < Terms) Row32.Store(Sums, target + step, s1);
        if (row + 2 < Terms) Row32.Store(Sums, target + 2 * step, s2);
        if (row + 3 < Terms) Row32.Store(Sums, target + 3 * step, s3);
    }

    private static int Smaller(int x, int y) => x < y ? x : y;
}
