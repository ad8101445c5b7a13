using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// dw[o, c, t] = sum over images and grid points of dy[o, point] x[c, point + tap t], one team per weight: for groups of few channels,
/// whose weights fill no tile. Both operands are runs of neighbours: x as a <see cref="Lattice"/>, dy with zeros between its rows.
/// </summary>
internal struct DirectConvGradient : IRowKernel
{
    /// <summary>x [image][group][input][phase][Height][Pitch], dy [image][group][output][DyLength].</summary>
    public ArrayView<float> X, Dy, Weight;
    public ConvGeometry Conv;

    /// <summary>Where each tap reads.</summary>
    public ArrayView<int> Offsets;
    public int Batch, Length, DyLength, Channel;

    public static void Launch(TapConv conv, Lattice layout, int[] offsets, int channel, DeviceBuffer x, DeviceBuffer dy, int dyLength, DeviceBuffer dw, bool accumulate)
    {
        int length = (conv.Rows - 1) * layout.Pitch + conv.Columns;
        dw.Device.ForRows(
            new DirectConvGradient
            {
                X = x.Floats,
                Dy = dy.Floats,
                Weight = dw.Floats,
                Conv = new ConvGeometry(dw.Device, conv, hasBias: false, accumulate),
                Offsets = dw.Device.Tables.Get(offsets),
                Batch = conv.Batch,
                Length = length,
                DyLength = dyLength,
                Channel = channel,
            },
            checked(conv.Groups * conv.Out * conv.Terms), length, conv.Batch * (20f + 0.15f * length));
    }

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int rest = row / Conv.TapCount, t = row - rest * Conv.TapCount, o = rest / Conv.In, c = rest - o * Conv.In;
        int group = Conv.Outs.Divide(o), outs = Conv.Groups * Conv.Out, ins = Conv.Groups * Conv.In;
        float sum = 0f;
        for (int n = 0; n < Batch; n++)
            sum += TTeam.Sum(Length, new Products
            {
                X = X.Ptr() + ((n * ins + group * Conv.In + c) * Channel + Offsets[t]),
                Y = Dy.Ptr() + (n * outs + o) * DyLength,
            });
        int tap = Conv.Taps[3 * t + 2], channel = o - group * Conv.Out;
        if (Conv.Centre >= 0) sum *= Conv.Allows(tap, c, channel);
        int target = group * Conv.WeightGroup + channel * Conv.WeightOut + c * Conv.WeightIn + tap;
        if (Conv.Accumulate != 0) sum += Weight[target];
        if (TTeam.Rank == 0) Weight[target] = sum;
    }
}
