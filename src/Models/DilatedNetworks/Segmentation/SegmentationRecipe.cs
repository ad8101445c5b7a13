namespace GpuNets.Models;

/// <summary>Dilated networks on a data set of pictures and masks, in stages.</summary>
public sealed class SegmentationRecipe : ModelRecipe<SegmentationOptions>
{
    private SegmentationRecipe(string name, string description, params (string, Func<SegmentationOptions>)[] presets) : base(name, description, presets)
    {
    }

    /// <summary><c>camvid</c>: street scenes of 11 classes.</summary>
    public static SegmentationRecipe CamVid { get; } = new(
        "camvid", "Dilated network on CamVid street scenes: front end, context module, both (Yu and Koltun 2016, arXiv 1511.07122)",
        ("quick", () => SegmentationPresets.CamVidQuick), ("large", () => SegmentationPresets.CamVidLarge), ("paper", () => SegmentationPresets.CamVidPaper));

    /// <summary><c>voc</c>: Pascal VOC, background and 20 classes.</summary>
    public static SegmentationRecipe Voc { get; } = new(
        "voc", "Dilated network on Pascal VOC: front end, context module, both (Yu and Koltun 2016, arXiv 1511.07122)",
        ("quick", () => SegmentationPresets.VocQuick), ("overfit", () => SegmentationPresets.VocOverfit), ("paper", () => SegmentationPresets.VocPaper));

    /// <inheritdoc/>
    protected override IModelRun Open(Device device, SegmentationOptions options, ulong seed, string? folder)
    {
        options.Validate();
        return SegmentationRun.Open(Name, device, options, seed);
    }
}
