using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Which pictures a network is trained and judged on.</summary>
public sealed record SegmentationDataOptions
{
    /// <summary>How they lie in their folder.</summary>
    public SegmentationLayout Layout { get; init; } = SegmentationLayout.CamVidIdx;

    /// <summary>The folder: a path, or a name in the folder of all data sets (see <see cref="DataFolder"/>).</summary>
    public string Folder { get; init; } = "camvid_180x240";

    /// <summary>Name of the split that is trained on.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary>Name of the split that is judged on.</summary>
    public string EvaluationSplit { get; init; } = "val";

    /// <summary>Train on the first so many pictures only; null for all.</summary>
    public int? TrainPictures { get; init; }

    /// <summary>Judge on the first so many pictures only; null for all.</summary>
    public int? EvaluationPictures { get; init; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Layout)) throw new ArgumentException("Layout is none of its values.");
        if (string.IsNullOrWhiteSpace(Folder)) throw new ArgumentException("Folder is empty.");
        if (TrainPictures < 1 || EvaluationPictures < 1)
            throw new ArgumentException($"TrainPictures ({TrainPictures}) and EvaluationPictures ({EvaluationPictures}) must be at least 1, or null for all.");
    }

    internal ISegmentationData OpenTraining() => Limit(Open(TrainSplit), TrainPictures);

    internal ISegmentationData OpenEvaluation() => Limit(Open(EvaluationSplit), EvaluationPictures);

    private ISegmentationData Open(string split)
    {
        string folder = DataFolder.Find(Folder);
        return Layout switch
        {
            SegmentationLayout.CamVidIdx => IdxSegmentationData.CamVid(folder, split),
            SegmentationLayout.VocIdx => IdxSegmentationData.Voc(folder, split),
            SegmentationLayout.CamVid => new CachedSegmentationData(PairedImageData.CamVid(folder, split)),
            SegmentationLayout.Voc => new CachedSegmentationData(PairedImageData.Voc(folder, split)),
            _ => new CachedSegmentationData(PairedImageData.Folders(
                Path.Combine(folder, split, "images"), Path.Combine(folder, split, "masks"), ClassList.Load(Path.Combine(folder, "classes.txt")))),
        };
    }

    private static ISegmentationData Limit(ISegmentationData data, int? count) => count < data.Count ? new FirstPictures(data, count.Value) : data;

    private sealed class FirstPictures(ISegmentationData data, int count) : ISegmentationData
    {
        public int Count => count;

        public IReadOnlyList<string> ClassNames => data.ClassNames;

        public Palette Palette => data.Palette;

        public SegmentationSample Read(int index)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return data.Read(index);
        }
    }
}
