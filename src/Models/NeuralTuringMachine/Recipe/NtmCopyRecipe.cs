using GpuNets.Training;

namespace GpuNets.Models;

/// <summary><c>ntm-copy</c>: a Neural Turing Machine learns to copy, compared with the paper's LSTM.</summary>
public sealed class NtmCopyRecipe : IModelRecipe
{
    private static readonly (string Name, Func<NtmCopyOptions> Options)[] s_presets =
    [
        ("quick", () => NtmCopyOptions.Quick), ("paper", () => NtmCopyOptions.Paper), ("paper-ff", () => NtmCopyOptions.PaperFeedForward),
        ("collier-beel", () => NtmCopyOptions.CollierBeel),
    ];

    /// <inheritdoc/>
    public string Name => "ntm-copy";

    /// <inheritdoc/>
    public string Description => "Neural Turing Machine, copy task (Graves, Wayne and Danihelka 2014, arXiv 1410.5401)";

    /// <inheritdoc/>
    public IReadOnlyList<string> Presets => [.. s_presets.Select(preset => preset.Name)];

    /// <inheritdoc/>
    public Type OptionsType => typeof(NtmCopyOptions);

    /// <inheritdoc/>
    public IRunOptions CreateOptions(string preset)
    {
        foreach (var (name, options) in s_presets)
            if (name.Equals(preset, StringComparison.OrdinalIgnoreCase)) return options();
        throw new ArgumentException($"there is no preset '{preset}'; there is {string.Join(", ", Presets)}.");
    }

    /// <inheritdoc/>
    public IModelRun Open(Device device, IRunOptions options, ulong seed)
    {
        var given = (NtmCopyOptions)options;
        given = given with { Model = given.Model with { Inputs = given.Task.Inputs, Outputs = given.Task.Outputs } };
        given.Validate();
        given.Model.Validate();
        return NtmCopyRun.Open(device, given, seed);
    }
}
