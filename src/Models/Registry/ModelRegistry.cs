namespace GpuNets.Models;

/// <summary>All models that can be trained by name.</summary>
public static class ModelRegistry
{
    /// <summary>The recipes, in order of their names.</summary>
    public static IReadOnlyList<IModelRecipe> All { get; } =
    [
        new ApronedRecipe(),
        SegmentationRecipe.CamVid,
        new CopySymbolsRecipe(),
        new MoleculesRecipe(),
        new TranslationRecipe(),
        new NtmCopyRecipe(),
        new ParsingRecipe(),
        new Qm9Recipe(),
        SegmentationRecipe.Voc,
    ];

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static IModelRecipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"there is no model '{name}'; there is {string.Join(", ", All.Select(recipe => recipe.Name))}.");
}
