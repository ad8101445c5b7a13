using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary>A trained run, opened from its folder: of a whole run the last stage that has a checkpoint, baselines aside.</summary>
internal sealed class TrainedRun : IDisposable
{
    private readonly IModelRun _first;

    private TrainedRun(IModelRecipe recipe, ulong seed, IModelRun first, IModelRun run, RunFolder folder, Checkpoint checkpoint) =>
        (Recipe, Seed, _first, Run, Folder, Checkpoint) = (recipe, seed, first, run, folder, checkpoint);

    public IModelRecipe Recipe { get; }

    public ulong Seed { get; }

    /// <summary>The stage, with its parameters in place.</summary>
    public IModelRun Run { get; }

    /// <summary>The folder of the stage.</summary>
    public RunFolder Folder { get; }

    public Checkpoint Checkpoint { get; }

    /// <exception cref="IOException">There is no run in the folder, or it has no checkpoint yet.</exception>
    public static TrainedRun Open(string path, Device device)
    {
        var folder = RunFolder.Open(path);
        var settings = folder.ReadOptions<RunSettings>();
        var (recipe, options) = settings.Read();
        var checkpoint = Chosen(folder);
        var first = recipe.Open(device, options, settings.Seed, path);
        try
        {
            var run = first;
            if (settings.Stage is { } wanted)
            {
                while (run is not null && run.Stage != wanted) run = run.Following;
                if (run is null) throw new IOException($"{path} is of the stage {wanted}, which {recipe.Name} with these options has not.");
            }
            else
            {
                for (var stage = first.Following; stage is not null; stage = stage.Following)
                {
                    string inner = System.IO.Path.Combine(path, stage.Stage);
                    if (stage.Stage == IModelRun.BaselineStage || !Directory.Exists(inner) || Chosen(RunFolder.Open(inner)) is not { } later) continue;
                    (run, folder, checkpoint) = (stage, RunFolder.Open(inner), later);
                }
            }
            if (checkpoint is null) throw new IOException($"{path} has no checkpoint yet.");
            run.LoadModel(checkpoint.Model);
            return new TrainedRun(recipe, settings.Seed, first, run, folder, checkpoint);
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    public void Dispose() => _first.Dispose();

    // Of a run that watches a measure, the model that was best by it.
    private static Checkpoint? Chosen(RunFolder folder) => new CheckpointFolder(folder.BestFolder).LoadLatest() ?? new CheckpointFolder(folder.CheckpointsFolder).LoadLatest();
}
