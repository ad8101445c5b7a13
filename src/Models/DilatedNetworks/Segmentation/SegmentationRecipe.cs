using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Dilated networks on a data set of pictures and masks, in stages.</summary>
public sealed class SegmentationRecipe : IModelRecipe
{
    private readonly (string Name, Func<SegmentationOptions> Options)[] _presets;

    private SegmentationRecipe(string name, string description, params (string, Func<SegmentationOptions>)[] presets) =>
        (Name, Description, _presets) = (name, description, presets);

    /// <summary><c>camvid</c>: street scenes of 11 classes.</summary>
    public static SegmentationRecipe CamVid { get; } = new(
        "camvid", "dilated network on CamVid street scenes: front end, context module, both (Yu and Koltun 2016, arXiv 1511.07122)",
        ("quick", () => SegmentationPresets.CamVidQuick), ("large", () => SegmentationPresets.CamVidLarge), ("paper", () => SegmentationPresets.CamVidPaper));

    /// <summary><c>voc</c>: Pascal VOC, background and 20 classes.</summary>
    public static SegmentationRecipe Voc { get; } = new(
        "voc", "dilated network on Pascal VOC: front end, context module, both (Yu and Koltun 2016, arXiv 1511.07122)",
        ("quick", () => SegmentationPresets.VocQuick), ("overfit", () => SegmentationPresets.VocOverfit), ("paper", () => SegmentationPresets.VocPaper));

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Presets => [.. _presets.Select(preset => preset.Name)];

    /// <inheritdoc/>
    public Type OptionsType => typeof(SegmentationOptions);

    /// <inheritdoc/>
    public IRunOptions CreateOptions(string preset)
    {
        foreach (var (name, options) in _presets)
            if (name.Equals(preset, StringComparison.OrdinalIgnoreCase)) return options();
        throw new ArgumentException($"there is no preset '{preset}'; there is {string.Join(", ", Presets)}.");
    }

    /// <inheritdoc/>
    public IModelRun Open(Device device, IRunOptions options, ulong seed)
    {
        var given = (SegmentationOptions)options;
        given.Validate();
        return SegmentationRun.Open(Name, device, given, seed);
    }
}
