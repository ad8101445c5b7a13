using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// dw[o, c, t] = sum over images and grid points of dy[o, point] x[c, point + tap t], one team per weight: for groups of few channels,
/// whose weights fill no tile. Both operands are runs of neighbours: x as a <see cref="Lattice"/>, dy with zeros between its rows.
/// </summary>
internal struct DirectConvGradient : IRowKernel
{
    /// <summary>dy in lines [image][group][output][DyLength].</summary>
    public ArrayView<float> Dy, Weight;
    public TapLayout Layout;
    public ConvGeometry Conv;
    public int Batch, DyLength;

    public static void Run(TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        var layout = TapLayout.Of(conv, source, slack: 0, out var copy);
        var lines = WidenRows.Of(conv, dy, layout.Pitch, out int dyLength);
        dw.Device.ForRows(
            new DirectConvGradient
            {
                Layout = layout,
                Dy = lines.Floats,
                Weight = dw.Floats,
                Conv = new ConvGeometry(dw.Device, conv, hasBias: false, accumulate),
                Batch = conv.Batch,
                DyLength = dyLength,
            },
            checked(conv.Groups * conv.Out * conv.Terms), layout.Length, conv.Batch * (20f + 0.15f * layout.Length));
        if (!ReferenceEquals(lines, dy)) lines.Free();
        copy?.Free();
    }

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int rest = row / Conv.TapCount, t = row - rest * Conv.TapCount, o = rest / Conv.In, c = rest - o * Conv.In;
        int group = Conv.Outs.Divide(o), outs = Conv.Groups * Conv.Out, ins = Conv.Groups * Conv.In;
        float sum = 0f;
        for (int n = 0; n < Batch; n++)
            sum += TTeam.Sum(Layout.Length, new Products
            {
                X = Layout.Source.Ptr() + ((n * ins + group * Conv.In + c) * Layout.Channel + Layout.First + Layout.Offsets[t]),
                Y = Dy.Ptr() + (n * outs + o) * DyLength,
            });
        int tap = Conv.Taps[3 * t + 2], channel = o - group * Conv.Out;
        if (Conv.Centre >= 0) sum *= Conv.Allows(tap, c, channel);
        int target = group * Conv.WeightGroup + channel * Conv.WeightOut + c * Conv.WeightIn + tap;
        if (Conv.Accumulate != 0) sum += Weight[target];
        if (TTeam.Rank == 0) Weight[target] = sum;
    }
}
