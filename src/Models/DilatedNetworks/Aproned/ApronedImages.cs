namespace GpuNets.Models;

/// <summary>Scenes on the host.</summary>
public sealed class ApronedImages
{
    private readonly float[] _colours;
    private readonly int[] _labels;

    internal ApronedImages(int size, float[] colours, int[] labels) => (Size, _colours, _labels) = (size, colours, labels);

    /// <summary>Height and width of an image.</summary>
    public int Size { get; }

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length / (Size * Size);

    /// <summary>Colours of an image: [3, height, width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<float> Colours(int index) => _colours.AsSpan(Check(index) * 3 * Size * Size, 3 * Size * Size);

    /// <summary>Classes of an image's pixels: [height, width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<int> Labels(int index) => _labels.AsSpan(Check(index) * Size * Size, Size * Size);

    /// <summary>Some images on a device: [N, 3, height, width].</summary>
    public Tensor ImagesOn(Device device, IReadOnlyList<int> indices)
    {
        float[] values = new float[indices.Count * 3 * Size * Size];
        for (int i = 0; i < indices.Count; i++) Colours(indices[i]).CopyTo(values.AsSpan(i * 3 * Size * Size));
        return device.Tensor(values, (indices.Count, 3, Size, Size));
    }

    /// <summary>Their labels on a device: [N, height, width].</summary>
    public IndexTensor LabelsOn(Device device, IReadOnlyList<int> indices)
    {
        int[] values = new int[indices.Count * Size * Size];
        for (int i = 0; i < indices.Count; i++) Labels(indices[i]).CopyTo(values.AsSpan(i * Size * Size));
        return device.Indices(values, (indices.Count, Size, Size), ApronedScenes.Classes);
    }

    private int Check(int index) => (uint)index < (uint)Count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"ApronedImages: there are images 0 to {Count - 1}.");
}
