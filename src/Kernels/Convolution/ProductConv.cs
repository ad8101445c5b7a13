namespace GpuNets.Kernels;

/// <summary>A convolution of one tap as a matrix product per image: target [output, position] = weight [output, input] source [input, position].</summary>
internal static class ProductConv
{
    public static void Run(
        TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, Activation activation, bool accumulate)
    {
        bool transposed = conv.WeightIn != 1;   // gradients to data
        var size = new GemmSize(conv.Out, conv.SourcePlane, conv.In, conv.Batch, transposeA: transposed) with { StrideA = 0 };
        Gemm.Run(weight, source, target, size, accumulate: accumulate);
        BiasActivation.Run(target, bias, conv.Out, conv.TargetPlane, activation);
    }
}
