using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> as GPUs see it: an implicit matrix product of the weight [output, term] and the laid-out source
/// [term, position], a tile of it per group.
/// </summary>
internal struct TapProblem<TActivation> where TActivation : struct, IUnaryOp
{
    /// <summary>[group][output][term].</summary>
    public ArrayView<float> Weight;
    public TapLayout Layout;
    public TapTarget<TActivation> Target;
    public int Out, Terms, Groups, PositionTiles, FirstPart;
}

/// <summary>A GPU form of a convolution: all forms take the same arguments.</summary>
internal interface ITapConvKernel<TSelf, TActivation> : IGridKernel
    where TSelf : struct, ITapConvKernel<TSelf, TActivation> where TActivation : struct, IUnaryOp
{
    /// <summary>Outputs and positions per group.</summary>
    static abstract int Width { get; }

    /// <summary>Elements behind the laid-out source that are read (and not used).</summary>
    static abstract int Slack { get; }

    static abstract TSelf Create(in TapProblem<TActivation> problem);

    static void Launch(TapConv conv, DeviceBuffer source, ArrayView<float> weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
    {
        var layout = TapLayout.Of(conv, source, TSelf.Slack, out var copy);
        int tiles = (layout.Length + TSelf.Width - 1) / TSelf.Width, parts = conv.Batch * conv.Groups;
        for (int part = 0; part < parts; part += Device.MaxGridYZ)
            target.Device.ForGrid(
                TSelf.Create(new TapProblem<TActivation>
                {
                    Weight = weight,
                    Layout = layout,
                    Target = TapTarget<TActivation>.Of(conv, layout, target, bias, accumulate),
                    Out = conv.Out,
                    Terms = conv.Terms,
                    Groups = conv.Groups,
                    PositionTiles = tiles,
                    FirstPart = part,
                }),
                new KernelConfig(
                    new Index3D(checked((conv.Out + TSelf.Width - 1) / TSelf.Width * tiles), Math.Min(Device.MaxGridYZ, parts - part), 1),
                    new Index3D(TeamGemmLauncher.GroupSize, 1, 1)),
                TeamGemmLauncher.GroupSize);
        copy?.Free();
    }
}
