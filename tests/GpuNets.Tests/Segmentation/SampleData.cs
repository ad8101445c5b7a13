using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

/// <summary>Pictures that know where each pixel is: red its column, green its row, blue the picture; the label is (x + 3 y + picture) mod 5, or void.</summary>
internal sealed class SampleData(params (int Width, int Height)[] sizes) : ISegmentationData
{
    public int Reads;

    public int Count => sizes.Length;

    public IReadOnlyList<string> ClassNames { get; } = ["a", "b", "c", "d", "e"];

    public Palette Palette { get; } = Palette.Voc.Take(5);

    public static byte Label(int x, int y, int picture) => (x + 3 * y + picture) % 7 is var label && label < 5 ? (byte)label : LabelMap.Void;

    public SegmentationSample Read(int index)
    {
        Interlocked.Increment(ref Reads);
        var (width, height) = sizes[index];
        var image = new RgbImage(width, height);
        var labels = new LabelMap(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) (image[x, y], labels[x, y]) = (new RgbColor((byte)x, (byte)y, (byte)index), Label(x, y, index));
        return new SegmentationSample($"{index}", image, labels);
    }
}
