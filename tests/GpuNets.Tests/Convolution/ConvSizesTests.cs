using GpuNets.Kernels;

namespace GpuNets.Tests.Convolutions;

/// <summary>
/// Sizes with enough work for threads, several blocks of rows, channels and images and several parts of a weight's sums, in every form
/// of the device, against sums in double precision with the error that any order of float summation may have (see ReferenceGemm).
/// </summary>
public sealed class ConvSizesTests
{
    private static readonly Dictionary<string, ConvSize> s_sizes = new()
    {
        ["dilated context, 21 channels"] = Size(1, 21, 21, 64, 64, dilation: 8, padding: 8),
        ["3 x 3, wide"] = Size(2, 40, 36, 12, 64),
        ["many channels, small images"] = Size(5, 130, 50, 7, 7),
        ["residual unit"] = Size(5, 16, 16, 32, 32),
        ["residual unit with steps"] = Size(5, 16, 32, 33, 31, stride: 2),
        ["first layer"] = Size(2, 3, 64, 33, 65),
        ["5 x 5 with steps of 3"] = Size(3, 7, 19, 41, 29, kernel: 5, stride: 3, padding: 2),
        ["1 x 1"] = Size(3, 70, 45, 30, 31, kernel: 1, padding: 0),
        ["1 x 1 with steps"] = Size(3, 32, 33, 31, 30, kernel: 1, stride: 2, padding: 0),
        ["depthwise"] = Size(2, 37, 37, 45, 50) with { Groups = 37 },
        ["groups of 12"] = Size(2, 36, 48, 20, 37) with { Groups = 3 },
        ["mask B"] = Size(4, 12, 12, 28, 28) with { Mask = new(4, 1, true) },
        ["mask A of 3 colours"] = Size(2, 15, 30, 28, 28, kernel: 7, padding: 3) with { Mask = new(24, 3, false) },
        ["sequence"] = Size(3, 24, 50, 1, 300, padding: 0) with { KernelHeight = 1, OutHeight = 1, Left = 4, OutWidth = 306, DilationX = 2 },
    };

    public static TheoryData<string> Sizes => [.. s_sizes.Keys];

    [Theory(Timeout = 120_000), MemberData(nameof(Sizes))]
    public async Task Every_form_equals_the_sums(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        foreach (var form in ConvRun.Forms(s_sizes[name])) new ConvRun(lease.Device, s_sizes[name], form).Check();
    }

    private static ConvSize Size(
        int batch, int ins, int outs, int height, int width, int kernel = 3, int stride = 1, int dilation = 1, int padding = 1) => new()
        {
            Batch = batch,
            In = ins,
            Out = outs,
            Height = height,
            Width = width,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            DilationY = dilation,
            DilationX = dilation,
            Top = padding,
            Left = padding,
            OutHeight = ConvSize.OutLength(height, padding, padding, kernel, stride, dilation),
            OutWidth = ConvSize.OutLength(width, padding, padding, kernel, stride, dilation),
        };
}
