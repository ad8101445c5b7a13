namespace GpuNets.Models;

/// <summary>A convolution or a maximum over windows of a <see cref="VggFrontEnd"/>.</summary>
/// <param name="Name">conv1_1 to conv5_3, pool1 to pool5, fc6, fc7, final.</param>
/// <param name="Kernel">Elements along both axes.</param>
/// <param name="Stride">Distance of windows; 1 for convolutions.</param>
/// <param name="Dilation">Distance of a window's elements.</param>
/// <param name="Before">Zeros above and to the left.</param>
/// <param name="After">Zeros below and to the right.</param>
/// <param name="Inputs">Channels.</param>
/// <param name="Outputs">Channels.</param>
internal readonly record struct VggStep(string Name, int Kernel, int Stride, int Dilation, int Before, int After, int Inputs, int Outputs)
{
    public bool IsPool => Name.StartsWith("pool", StringComparison.Ordinal);

    /// <summary>From the first element of a window to the last.</summary>
    public int Reach => Dilation * (Kernel - 1);

    /// <summary>Size of the result, 0 where no window fits; poolings round up as Caffe's do.</summary>
    public int OutputSize(int size)
    {
        int room = size + Before + After - Reach - 1;
        if (size < 1 || room < 0) return 0;
        int windows = (IsPool ? room + Stride - 1 : room) / Stride + 1;
        return IsPool && (windows - 1) * Stride >= size + Before ? windows - 1 : windows;
    }

    /// <summary>The steps of a network.</summary>
    public static IReadOnlyList<VggStep> Of(VggFrontEndOptions options)
    {
        var steps = new List<VggStep>();
        int channels = 3;
        int[] convolutions = [2, 2, 3, 3, 3];
        bool isStrided = options.Pooling == VggPooling.Strided;
        for (int block = 1; block <= 5; block++)
        {
            int dilation = block == 5 && !isStrided ? 2 : 1, width = options.Channels(block);
            for (int k = 1; k <= convolutions[block - 1]; k++) Convolve($"conv{block}_{k}", 3, dilation, width);
            if (block <= 3 || isStrided) steps.Add(new VggStep($"pool{block}", 2, 2, 1, 0, 0, channels, channels));
            else if (options.Pooling == VggPooling.Dense)
                steps.Add(new VggStep($"pool{block}", 2, 1, dilation, 0, options.InnerPadding ? dilation : 0, channels, channels));
        }
        Convolve("fc6", 7, isStrided ? 1 : 4, options.HiddenChannels);
        Convolve("fc7", 1, 1, options.HiddenChannels);
        Convolve("final", 1, 1, options.Classes);
        return steps;

        void Convolve(string name, int kernel, int dilation, int outputs)
        {
            int padding = options.InnerPadding ? dilation * (kernel / 2) : 0;
            steps.Add(new VggStep(name, kernel, 1, dilation, padding, padding, channels, outputs));
            channels = outputs;
        }
    }
}
