using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>
/// Pairs of a picture (JPEG or PNG) and a PNG mask in files, read when asked for: folders as Pascal VOC and SegNet's CamVid have them, or
/// any two folders or list of pairs.
/// </summary>
public sealed class PairedImageData : ISegmentationData
{
    private static readonly string[] _extensions = [".jpg", ".jpeg", ".png"];

    private readonly ImmutableArray<(string Image, string Mask)> _pairs;
    private readonly byte? _voidLabel;

    /// <summary>Takes pairs of files. They are opened when they are read.</summary>
    /// <param name="pairs">Picture and mask.</param>
    /// <param name="classNames">Names of the classes in the order of their labels.</param>
    /// <param name="palette">Colours of the classes; null: VOC's. Gives the classes of masks that are RGB pictures.</param>
    /// <param name="voidLabel">The label in index masks that means no class, besides 255; null: none.</param>
    /// <exception cref="ArgumentException">There is no class, or the palette has fewer colours.</exception>
    public PairedImageData(IEnumerable<(string Image, string Mask)> pairs, IReadOnlyList<string> classNames, Palette? palette = null, byte? voidLabel = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        (_pairs, ClassNames, Palette, _voidLabel) = ([.. pairs], [.. classNames], (palette ?? Palette.Voc).Take(classNames.Count), voidLabel);
    }

    /// <inheritdoc/>
    public int Count => _pairs.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public Palette Palette { get; }

    /// <summary>Pascal VOC: <c>JPEGImages/ID.jpg</c>, <c>SegmentationClass/ID.png</c>, ids a line in <c>ImageSets/Segmentation/SPLIT.txt</c>.</summary>
    /// <param name="root">The folder that holds the three, such as <c>VOCdevkit/VOC2012</c>.</param>
    /// <param name="split">The list, such as <c>train</c> or <c>val</c>.</param>
    /// <param name="masks">Folder of the masks, such as <c>SegmentationClassAug</c> for the annotations of SBD.</param>
    /// <exception cref="DataFileException">The list is empty, or a file in it does not exist.</exception>
    /// <exception cref="IOException">The list is not there or cannot be read.</exception>
    public static PairedImageData Voc(string root, string split, string masks = "SegmentationClass")
    {
        string list = Path.Combine(root, "ImageSets", "Segmentation", $"{split}.txt");
        // The first word: lists of single classes have a mark behind the id.
        var ids = Lines(list).Select(line => line.Split(' ', '\t')[0]);
        return new(Existing(list, ids.Select(id => (Path.Combine(root, "JPEGImages", $"{id}.jpg"), Path.Combine(root, masks, $"{id}.png")))), ClassList.Voc);
    }

    /// <summary>SegNet's CamVid: pictures in <c>SPLIT/</c>, masks of the same names in <c>SPLITannot/</c>, with 11 for void.</summary>
    /// <param name="root">The folder that holds both.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <inheritdoc cref="Folders" path="/exception"/>
    public static PairedImageData CamVid(string root, string split) =>
        Folders(Path.Combine(root, split), Path.Combine(root, $"{split}annot"), ClassList.CamVid, Palette.CamVid, voidLabel: 11);

    /// <summary>A folder of pictures and one of masks: NAME.jpg, NAME.jpeg or NAME.png, and NAME.png, in the order of the names.</summary>
    /// <param name="images">Folder of the pictures.</param>
    /// <param name="masks">Folder of the masks.</param>
    /// <param name="classNames">Names of the classes in the order of their labels.</param>
    /// <param name="palette">Colours of the classes; null: VOC's.</param>
    /// <param name="voidLabel">The label in index masks that means no class, besides 255; null: none.</param>
    /// <exception cref="DataFileException">There is no picture, one has no mask, or two have one name.</exception>
    /// <exception cref="IOException">A folder is not there or cannot be read.</exception>
    public static PairedImageData Folders(string images, string masks, IReadOnlyList<string> classNames, Palette? palette = null, byte? voidLabel = null)
    {
        string[] files = [.. Directory.EnumerateFiles(images).Where(IsPicture).Order(StringComparer.Ordinal)];
        foreach (var same in files.GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal).Where(group => group.Count() > 1))
            throw new DataFileException(images, same.Key, $"{same.Count()} pictures would share one mask: {string.Join(", ", same.Select(Path.GetFileName))}");
        return new(Existing(images, files.Select(file => (file, Path.Combine(masks, $"{Path.GetFileNameWithoutExtension(file)}.png")))), classNames, palette, voidLabel);
    }

    /// <summary>
    /// A text file with a picture and its mask a line, separated by blanks. Paths are relative to <paramref name="root"/>, also those that
    /// begin with a slash, as SegNet's and DeepLab's lists have them.
    /// </summary>
    /// <param name="file">The list.</param>
    /// <param name="root">Where paths begin.</param>
    /// <param name="classNames">Names of the classes in the order of their labels.</param>
    /// <param name="palette">Colours of the classes; null: VOC's.</param>
    /// <param name="voidLabel">The label in index masks that means no class, besides 255; null: none.</param>
    /// <exception cref="DataFileException">The list is empty, a line is no pair, or a file in it does not exist.</exception>
    /// <exception cref="IOException">The list is not there or cannot be read.</exception>
    public static PairedImageData List(string file, string root, IReadOnlyList<string> classNames, Palette? palette = null, byte? voidLabel = null) =>
        new(Existing(file, Lines(file).Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var image, var mask]
            ? (Path.Combine(root, image.TrimStart('/')), Path.Combine(root, mask.TrimStart('/')))
            : throw new DataFileException(file, line, "expected a picture and its mask, separated by a blank"))), classNames, palette, voidLabel);

    /// <inheritdoc/>
    public SegmentationSample Read(int index)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"PairedImageData: there are pictures 0 to {Count - 1}.");
        var (image, mask) = _pairs[index];
        var labels = LabelMap.Load(mask, Palette);
        if (_voidLabel is { } label) labels.Labels.AsSpan().Replace(label, LabelMap.Void);
        return new SegmentationSample(Path.GetFileNameWithoutExtension(image), RgbImage.Load(image), labels).Checked(mask, ClassNames.Count);
    }

    private static bool IsPicture(string file) => _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Lines(string file) => File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0);

    // A missing file is told at once, not in the middle of an epoch.
    private static List<(string, string)> Existing(string source, IEnumerable<(string Image, string Mask)> pairs)
    {
        var list = new List<(string, string)>();
        foreach (var (image, mask) in pairs)
        {
            foreach (string file in new[] { image, mask })
                if (!File.Exists(file)) throw new DataFileException(source, Path.GetFileNameWithoutExtension(image), $"there is no file {file}");
            list.Add((image, mask));
        }
        return list.Count > 0 ? list : throw new DataFileException(source, null, "no pictures");
    }
}
