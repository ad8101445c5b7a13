using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>
/// Pictures of one size in a pair of IDX files: images [count, height, width, 3] RGB and labels [count, height, width]. Kept in memory.
/// </summary>
public sealed class IdxSegmentationData : ISegmentationData
{
    private readonly IdxFile _images, _labels;
    private readonly ImmutableArray<string> _names;
    private readonly byte? _voidLabel;
    private readonly SegmentationSample?[] _samples;

    /// <summary>Reads both files.</summary>
    /// <param name="images">File of the images.</param>
    /// <param name="labels">File of the labels.</param>
    /// <param name="classNames">Names of the classes in the order of their labels.</param>
    /// <param name="palette">Colours of the classes.</param>
    /// <param name="voidLabel">The label in the file that means no class, besides 255; null: none.</param>
    /// <param name="names">Names of the images; null: their numbers.</param>
    /// <exception cref="DataFileException">A file is damaged, or sizes do not fit each other.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public IdxSegmentationData(string images, string labels, IReadOnlyList<string> classNames, Palette palette, byte? voidLabel = null, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(palette);
        (ClassNames, Palette, _voidLabel) = ([.. classNames], palette.Take(classNames.Count), voidLabel);
        _images = IdxFile.Read(images);
        _labels = IdxFile.Read(labels);
        if (_images.Shape.Length != 4 || _images.Shape[3] != 3 || _images.Shape.Contains(0))
            throw new DataFileException(images, null, $"array [{string.Join(", ", _images.Shape)}], expected [count, height, width, 3]");
        if (!_labels.Shape.SequenceEqual(_images.Shape[..3]))
            throw new DataFileException(labels, null, $"array [{string.Join(", ", _labels.Shape)}], expected [{string.Join(", ", _images.Shape[..3])}] as the images have");
        if (names is not null && names.Count != Count) throw new DataFileException(images, null, $"{Count} images but {names.Count} names");
        _samples = new SegmentationSample?[Count];
        _names = names is null ? [.. Enumerable.Range(0, Count).Select(i => $"{i}")] : [.. names];
    }

    /// <inheritdoc/>
    public int Count => _images.Shape[0];

    /// <summary>Height of all images.</summary>
    public int Height => _images.Shape[1];

    /// <summary>Width of all images.</summary>
    public int Width => _images.Shape[2];

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public Palette Palette { get; }

    /// <summary>A repacked CamVid: <c>SPLIT-images-idx4-ubyte.gz</c>, <c>SPLIT-labels-idx3-ubyte.gz</c> with label 11 for void, <c>SPLIT.names.txt</c>.</summary>
    /// <param name="folder">The folder, for instance <c>camvid_180x240</c>.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <inheritdoc cref="IdxSegmentationData(string, string, IReadOnlyList{string}, Palette, byte?, IReadOnlyList{string}?)" path="/exception"/>
    public static IdxSegmentationData CamVid(string folder, string split) => Open(folder, split, ClassList.CamVid, Palette.CamVid, 11,
        File.ReadAllLines(Path.Combine(folder, $"{split}.names.txt")));

    /// <summary>A repacked part of VOC 2012: <c>SPLIT-images-idx4-ubyte.gz</c>, <c>SPLIT-labels-idx3-ubyte.gz</c>, <c>SPLIT.ids.csv</c>.</summary>
    /// <param name="folder">The folder, for instance <c>voc12_animals_160</c>.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <inheritdoc cref="IdxSegmentationData(string, string, IReadOnlyList{string}, Palette, byte?, IReadOnlyList{string}?)" path="/exception"/>
    public static IdxSegmentationData Voc(string folder, string split) => Open(folder, split, ClassList.Voc, Palette.Voc, null,
        [.. File.ReadLines(Path.Combine(folder, $"{split}.ids.csv")).Skip(1).Select(line => line.Split(',')[0])]);

    /// <inheritdoc/>
    /// <remarks>The sample is shared by all who read it; do not write to it.</remarks>
    public SegmentationSample Read(int index)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"{_images.File} has images 0 to {Count - 1}.");
        // Two threads may make it at the same time; both are equal.
        return _samples[index] ??= Make(index);
    }

    private SegmentationSample Make(int index)
    {
        var image = new RgbImage(Width, Height, _images[index].ToArray());
        var labels = new LabelMap(Width, Height, _labels[index].ToArray());
        if (_voidLabel is { } label) labels.Labels.AsSpan().Replace(label, LabelMap.Void);
        return new SegmentationSample(_names[index], image, labels).Checked($"{_labels.File}, mask {index}", ClassNames.Count);
    }

    private static IdxSegmentationData Open(string folder, string split, IReadOnlyList<string> classes, Palette palette, byte? voidLabel, IReadOnlyList<string> names) =>
        new(Path.Combine(folder, $"{split}-images-idx4-ubyte.gz"), Path.Combine(folder, $"{split}-labels-idx3-ubyte.gz"), classes, palette, voidLabel, names);
}
