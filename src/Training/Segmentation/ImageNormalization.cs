namespace GpuNets.Training;

/// <summary>
/// How pixels become a network's inputs: (value - mean) scale, a channel, with values 0 to 255. The means of the authors' models are those
/// of their definitions, in the order blue, green, red.
/// </summary>
public sealed record ImageNormalization
{
    /// <summary>Blue first, as Caffe's models have it, and not red first.</summary>
    public bool Bgr { get; init; } = true;

    /// <summary>Mean of each channel, in the order of the network's channels.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [102.93f, 111.36f, 116.52f];

    /// <summary>Factor of each channel, in the order of the network's channels.</summary>
    public IReadOnlyList<float> Scale { get; init; } = [1f, 1f, 1f];

    /// <summary>Means of Pascal VOC.</summary>
    public static ImageNormalization Voc { get; } = new();

    /// <summary>Means of CamVid.</summary>
    public static ImageNormalization CamVid { get; } = new() { Mean = [110.70313206f, 108.77808759f, 105.41212523f] };

    /// <summary>Means of KITTI.</summary>
    public static ImageNormalization Kitti { get; } = new() { Mean = [96.19429688f, 95.55136972f, 91.34692262f] };

    /// <summary>Means of Cityscapes.</summary>
    public static ImageNormalization Cityscapes { get; } = new() { Mean = [72.39f, 82.91f, 73.16f] };

    /// <summary>Means and deviations of ImageNet for torchvision's models: red first, values 0 to 1.</summary>
    public static ImageNormalization TorchVision { get; } = new()
    {
        Bgr = false,
        Mean = [0.485f * 255, 0.456f * 255, 0.406f * 255],
        Scale = [1 / (0.229f * 255), 1 / (0.224f * 255), 1 / (0.225f * 255)],
    };

    /// <summary>Input of each channel of the network for each pixel value [3, 256].</summary>
    /// <exception cref="ArgumentException">There are not three means and three finite factors.</exception>
    internal float[] Levels()
    {
        if (Mean.Count != 3 || Scale.Count != 3 || Mean.Concat(Scale).Any(v => !float.IsFinite(v)))
            throw new ArgumentException($"ImageNormalization: means [{string.Join(", ", Mean)}] and scales [{string.Join(", ", Scale)}], expected three finite numbers each.");
        float[] levels = new float[3 * 256];
        for (int i = 0; i < levels.Length; i++) levels[i] = ((i & 255) - Mean[i >> 8]) * Scale[i >> 8];
        return levels;
    }
}
