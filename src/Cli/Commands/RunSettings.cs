using System.Text.Json;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary>What <c>options.json</c> of a run folder holds: enough to build the run again.</summary>
internal sealed record RunSettings
{
    public required string Model { get; init; }

    public required ulong Seed { get; init; }

    public required JsonElement Options { get; init; }

    /// <summary>The stage of a run that follows another; null for the first.</summary>
    public string? Stage { get; init; }

    public static RunSettings Of(IModelRecipe recipe, IRunOptions options, ulong seed, string? stage = null) => new()
    {
        Model = recipe.Name,
        Seed = seed,
        Stage = stage,
        Options = JsonSerializer.SerializeToElement(options, recipe.OptionsType, RunRecord.Json),
    };

    public (IModelRecipe Recipe, IRunOptions Options) Read()
    {
        var recipe = ModelRegistry.Find(Model);
        return (recipe, (IRunOptions)Options.Deserialize(recipe.OptionsType, RunRecord.Json)!);
    }
}
