using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>A convolution as a benchmark case.</summary>
public sealed record ConvCase : IFlops
{
    private ConvCase(string name, ConvSize size) => (Name, Size) = (name, size);

    /// <summary>Where it comes from, at most 20 letters: longer names are cut in tables.</summary>
    public string Name { get; }

    internal ConvSize Size { get; }

    /// <summary>Layers of the papers' models.</summary>
    public static IEnumerable<ConvCase> All { get; } =
    [
        Of("3x3 64, dilation 1", 4, 64, 64, 64),
        Of("3x3 64, dilation 4", 4, 64, 64, 64, dilation: 4),
        Of("context 21, dil. 8", 1, 21, 21, 64, dilation: 8),
        Of("ResNet 16, batch 128", 128, 16, 16, 32),
        Of("ResNet 16-32, step 2", 128, 16, 32, 32, stride: 2),
        Of("ResNet 64, batch 128", 128, 64, 64, 8),
        Of("first layer 3-64", 8, 3, 64, 64),
        Of("depthwise 64", 8, 64, 64, 56, groups: 64),
        Of("PixelCNN 12, mask B", 64, 12, 12, 28, mask: new ConvMask(4, 1, true)),
    ];

    double IFlops.Flops => Size.Flops;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ConvCase Of(
        string name, int batch, int ins, int outs, int side, int stride = 1, int dilation = 1, int groups = 1, ConvMask? mask = null) => new(name, new ConvSize
        {
            Batch = batch,
            In = ins,
            Out = outs,
            Height = side,
            Width = side,
            KernelHeight = 3,
            KernelWidth = 3,
            StrideY = stride,
            StrideX = stride,
            DilationY = dilation,
            DilationX = dilation,
            Top = dilation,
            Left = dilation,
            Groups = groups,
            OutHeight = ConvSize.OutLength(side, dilation, dilation, 3, stride, dilation),
            OutWidth = ConvSize.OutLength(side, dilation, dilation, 3, stride, dilation),
            Mask = mask,
        });
}
