using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> for CPUs under OpenCL: each item computes a register tile of TRows output channels (1 or 4) by 32 neighbouring
/// positions of the laid-out source, without a test of bounds. Sums go to lines of whole tiles, from where <see cref="PlaceSums{TActivation}"/> takes
/// those of the grid. Channels beyond the last repeat it and are not stored.
/// </summary>
internal struct ItemTapConv<TRows> : IGridKernel where TRows : struct, ICount
{
    private const int MaxGroup = 16;

    /// <summary>Weight [group][output][term], sums [image][group][output][Line].</summary>
    public ArrayView<float> Weight, Sums;
    public TapLayout Layout;
    public int Out, Terms, Line, Groups, FirstPart;

    public static void Run<TActivation>(TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
        where TActivation : struct, IUnaryOp
    {
        var device = target.Device;
        var layout = TapLayout.Of(conv, source, slack: Row32.Width, out var copy);
        var matrix = PackTaps.Of(conv, weight, out var packed);
        int tiles = (layout.Length + Row32.Width - 1) / Row32.Width, line = tiles * Row32.Width, parts = conv.Batch * conv.Groups;
        var sums = device.Allocate(checked(parts * conv.Out * line), "sums of a convolution");
        int rows = (conv.Out + TRows.Value - 1) / TRows.Value, group = Math.Min(GemmPlan.ItemGroup(rows), device.Accelerator.MaxNumThreadsPerGroup);
        for (int part = 0; part < parts; part += Device.MaxGridYZ)
            device.ForGrid(
                new ItemTapConv<TRows>
                {
                    Weight = matrix,
                    Sums = sums.Floats,
                    Layout = layout,
                    Out = conv.Out,
                    Terms = conv.Terms,
                    Line = line,
                    Groups = conv.Groups,
                    FirstPart = part,
                },
                new KernelConfig(new Index3D(tiles, (rows + group - 1) / group, Math.Min(Device.MaxGridYZ, parts - part)), new Index3D(1, group, 1)),
                MaxGroup);
        PlaceSums<TActivation>.Launch(conv, sums, line, layout.Pitch, target, bias, accumulate);
        sums.Free();
        packed?.Free();
        copy?.Free();
    }

    public readonly void Run()
    {
        int row = (Grid.IdxY * Group.DimY + Group.IdxY) * TRows.Value, part = FirstPart + Grid.IdxZ, last = Out - 1;
        int position = Grid.IdxX * Row32.Width, matrix = part % Groups * Out;
        int a0 = (matrix + Smaller(row, last)) * Terms, a1 = (matrix + Smaller(row + 1, last)) * Terms;
        int a2 = (matrix + Smaller(row + 2, last)) * Terms, a3 = (matrix + Smaller(row + 3, last)) * Terms;
        int channel = part * Layout.In * Layout.Channel + Layout.First + position;
        Row32 s0 = default, s1 = default, s2 = default, s3 = default;
        for (int c = 0; c < Layout.In; c++)
        {
            for (int t = 0; t < Layout.Taps.Size; t++)
            {
                var x = Row32.Load(Layout.Source, channel + Layout.Offsets[t]);
                s0 = Row32.MulAdd(Weight[a0 + t], x, s0);
                if (TRows.Value > 1)
                {
                    s1 = Row32.MulAdd(Weight[a1 + t], x, s1);
                    s2 = Row32.MulAdd(Weight[a2 + t], x, s2);
                    s3 = Row32.MulAdd(Weight[a3 + t], x, s3);
                }
            }
            channel += Layout.Channel;
            a0 += Layout.Taps.Size;
            a1 += Layout.Taps.Size;
            a2 += Layout.Taps.Size;
            a3 += Layout.Taps.Size;
        }
        int target = (part * Out + row) * Line + position;
        if (row < Out) Row32.Store(Sums, target, s0);
        if (TRows.Value == 1) return;
        if (row + 1 < Out) Row32.Store(Sums, target + Line, s1);
        if (row + 2 < Out) Row32.Store(Sums, target + 2 * Line, s2);
        if (row + 3 < Out) Row32.Store(Sums, target + 3 * Line, s3);
    }

    private static int Smaller(int x, int y) => x < y ? x : y;
}
