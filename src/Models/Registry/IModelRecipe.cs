using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A model with its task, ready to be trained and evaluated by name: what <c>gpunets train NAME</c> runs.</summary>
public interface IModelRecipe
{
    /// <summary>Name on the command line, for instance <c>ntm-copy</c>.</summary>
    string Name { get; }

    /// <summary>One line: model, task, paper.</summary>
    string Description { get; }

    /// <summary>Named settings; the first is the default.</summary>
    IReadOnlyList<string> Presets { get; }

    /// <summary>Type of the options record, for reading saved options.</summary>
    Type OptionsType { get; }

    /// <summary>The options of a preset.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    IRunOptions CreateOptions(string preset);

    /// <summary>Builds the model and its task on a device.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Options of type <see cref="OptionsType"/>.</param>
    /// <param name="seed">Seed of parameters and data.</param>
    /// <param name="folder">Folder of the run if it was started before: files of <see cref="IRunFiles"/> are read from there.</param>
    IModelRun Open(Device device, IRunOptions options, ulong seed, string? folder = null);
}
