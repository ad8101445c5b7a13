using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A recipe with presets of one type of options.</summary>
/// <typeparam name="TOptions">The options record.</typeparam>
public abstract class ModelRecipe<TOptions> : IModelRecipe where TOptions : class, IRunOptions
{
    private readonly (string Name, Func<TOptions> Options)[] _presets;

    /// <summary>Names the recipe.</summary>
    /// <param name="name">Name on the command line.</param>
    /// <param name="description">One line: model, task, paper.</param>
    /// <param name="presets">Named settings; the first is the default.</param>
    protected ModelRecipe(string name, string description, params (string Name, Func<TOptions> Options)[] presets) =>
        (Name, Description, _presets) = (name, description, presets);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Presets => [.. _presets.Select(preset => preset.Name)];

    /// <inheritdoc/>
    public Type OptionsType => typeof(TOptions);

    /// <inheritdoc/>
    public IRunOptions CreateOptions(string preset)
    {
        foreach (var (name, options) in _presets)
            if (name.Equals(preset, StringComparison.OrdinalIgnoreCase)) return options();
        throw new ArgumentException($"there is no preset '{preset}'; there is {string.Join(", ", Presets)}.");
    }

    /// <inheritdoc/>
    public IModelRun Open(Device device, IRunOptions options, ulong seed, string? folder = null) => Open(device, (TOptions)options, seed, folder);

    /// <inheritdoc cref="IModelRecipe.Open"/>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    protected abstract IModelRun Open(Device device, TOptions options, ulong seed, string? folder);
}
