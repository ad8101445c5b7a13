namespace GpuNets.Models;

/// <summary><c>aproned-objects</c>: a small front end, then a context module on it, on images that need context.</summary>
public sealed class ApronedRecipe : IModelRecipe
{
    /// <inheritdoc/>
    public string Name => "aproned-objects";

    /// <inheritdoc/>
    public string Description => "Dilated context module, synthetic images that need context (Yu and Koltun 2016, arXiv 1511.07122)";

    /// <inheritdoc/>
    public IReadOnlyList<string> Presets => ["basic", "large"];

    /// <inheritdoc/>
    public Type OptionsType => typeof(ApronedOptions);

    /// <inheritdoc/>
    public IRunOptions CreateOptions(string preset) => preset.ToLowerInvariant() switch
    {
        "basic" => ApronedOptions.Basic,
        "large" => ApronedOptions.Large,
        _ => throw new ArgumentException($"there is no preset '{preset}'; there is {string.Join(", ", Presets)}."),
    };

    /// <inheritdoc/>
    public IModelRun Open(Device device, IRunOptions options, ulong seed)
    {
        var given = (ApronedOptions)options;
        given.Validate();
        return ApronedRun.Open(device, given, seed);
    }
}
