using System.Diagnostics;
using System.Text.Json;

namespace GpuNets.Training;

/// <summary>
/// Runs the updates of a task and yields reports; the caller owns the loop.
/// <code>
/// var trainer = new Trainer(task, new TrainerOptions { Steps = 10_000 }, RunFolder.CreateUnder("runs", task.Name, options));
/// foreach (var report in trainer.Run(cancellation)) Show(report);
/// </code>
/// With a run folder every report is written to <c>metrics.jsonl</c>, and checkpoints every
/// <see cref="TrainerOptions.CheckpointEvery"/> updates, at the end, and when the token is cancelled.
/// <see cref="Resume"/> goes on from the newest of them: on the same device the numbers are those of a run that never stopped.
/// </summary>
public sealed class Trainer
{
    private readonly ITrainingTask _task;
    private readonly CheckpointFolder? _checkpoints, _best;
    private readonly Stopwatch _watch = new();
    private double _secondsBefore;
    private long _savedStep = -1;

    /// <summary>Prepares training; nothing runs yet.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="options">How long, and when to report and save.</param>
    /// <param name="folder">Where metrics and checkpoints go; null keeps nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Trainer(ITrainingTask task, TrainerOptions options, RunFolder? folder = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _task = task;
        Options = options;
        Folder = folder;
        if (folder is null) return;
        _checkpoints = new CheckpointFolder(folder.CheckpointsFolder, options.KeepCheckpoints);
        if (options.EarlyStopping is { Metric: not null, KeepBest: true }) _best = new CheckpointFolder(folder.BestFolder, keep: 1);
    }

    /// <summary>How long, and when to report and save.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Where metrics and checkpoints go; null when nothing is kept.</summary>
    public RunFolder? Folder { get; }

    /// <summary>Updates done.</summary>
    public long Step { get; private set; }

    /// <summary>The last checkpoint written or resumed from; null when there is none.</summary>
    public string? LastCheckpoint { get; private set; }

    /// <summary>True when the last <see cref="Run"/> ended because its token was cancelled.</summary>
    public bool Cancelled { get; private set; }

    /// <summary>The best report so far, over all parts of the run; null when no measure is watched or none was reported.</summary>
    public BestReport? Best { get; private set; }

    /// <summary>True when the watched measure got no better for so long that training ended before its last update.</summary>
    public bool StoppedEarly => Step < Options.Steps && Options.EarlyStopping.IsOver(Best);

    /// <summary>Time spent in updates since the start of the run, over all its parts.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(_secondsBefore) + _watch.Elapsed;

    /// <summary>Goes back to the newest whole checkpoint of the run folder.</summary>
    /// <returns>False when the folder has no checkpoint: the run starts from the beginning.</returns>
    /// <exception cref="InvalidOperationException">There is no run folder, or updates have been done already.</exception>
    /// <exception cref="CheckpointException">There are checkpoints but none can be read, or the newest is of another task.</exception>
    /// <exception cref="StateDictException">The checkpoint does not fit the model; nothing was changed.</exception>
    public bool Resume()
    {
        if (_checkpoints is null) throw new InvalidOperationException("Resume needs a run folder.");
        if (Step != 0) throw new InvalidOperationException($"Resume comes before the first update; {Step} are done.");
        if (_checkpoints.LoadLatest() is not { } checkpoint) return false;
        if (checkpoint.Run.Task != _task.Name)
            throw new CheckpointException(checkpoint.Folder!, $"it is of the task {checkpoint.Run.Task}, not of {_task.Name}");
        if (checkpoint.Run.Seed != _task.Seed)
            throw new CheckpointException(checkpoint.Folder!, $"its run has seed {checkpoint.Run.Seed}, this one {_task.Seed}");
        _task.Restore(checkpoint.Model, checkpoint.Optimizer);
        Step = _savedStep = checkpoint.Run.Step;
        _secondsBefore = checkpoint.Run.Seconds;
        Best = checkpoint.Run.Best;
        LastCheckpoint = checkpoint.Folder;
        return true;
    }

    /// <summary>
    /// Does the updates up to <see cref="TrainerOptions.Steps"/>, one report at a time. When the token is cancelled the update at
    /// work is finished, a checkpoint is written, and the sequence ends. It also ends when <see cref="TrainerOptions.EarlyStopping"/> says
    /// so. Leaving the loop early writes no checkpoint: call <see cref="Save"/>.
    /// </summary>
    /// <exception cref="DivergedException">A reported loss is NaN or infinite.</exception>
    public IEnumerable<StepReport> Run(CancellationToken cancellation = default)
    {
        Cancelled = false;
        using var log = Folder is null ? null : new MetricsLog(Folder.MetricsFile, keepThrough: Step);
        long firstStep = Step, reportedStep = Step;
        TimeSpan firstTime = Elapsed, reportedTime = Elapsed;
        while (Step < Options.Steps && !StoppedEarly && !cancellation.IsCancellationRequested)
        {
            bool save = _checkpoints is not null && (Step + 1 == Options.Steps || IsMultiple(Step + 1, Options.CheckpointEvery));
            // What is saved was looked at: a run that went to NaN must not push out its good checkpoints.
            bool report = save || Step + 1 == Options.Steps || IsMultiple(Step + 1, Options.ReportEvery);
            var result = Update(report);
            if (!report) continue;

            if (!double.IsFinite(result.Loss) && !Options.AllowNonFiniteLoss) throw new DivergedException(Step, result.Loss, LastCheckpoint);
            double rate = (Step - reportedStep) / (Elapsed - reportedTime).TotalSeconds;
            var remaining = (Elapsed - firstTime) * ((Options.Steps - Step) / (double)(Step - firstStep));
            (reportedStep, reportedTime) = (Step, Elapsed);
            var metrics = result.Metrics ?? new Dictionary<string, double>();
            log?.Write(new MetricsLine(Step, result.Loss, metrics, rate, Elapsed.TotalSeconds));
            bool better = Watch(result.Loss, metrics);
            save |= StoppedEarly && _checkpoints is not null;
            yield return new StepReport(Step, result.Loss, metrics, rate, Elapsed, remaining, save ? Save() : null, better);
        }
        Cancelled = Step < Options.Steps && !StoppedEarly;
        if (Cancelled && _checkpoints is not null) Save();
    }

    /// <summary>Writes a checkpoint of the current state, unless the newest one is of this step.</summary>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="InvalidOperationException">There is no run folder.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written; earlier ones stay.</exception>
    public string Save()
    {
        if (_checkpoints is null) throw new InvalidOperationException("Save needs a run folder.");
        if (_savedStep == Step) return LastCheckpoint!;
        LastCheckpoint = _checkpoints.Save(Current());
        _savedStep = Step;
        return LastCheckpoint;
    }

    private Checkpoint Current() => new(_task.SaveModel(), _task.SaveOptimizer(), new RunRecord
    {
        Task = _task.Name,
        Step = Step,
        Seed = _task.Seed,
        Seconds = Elapsed.TotalSeconds,
        Best = Best,
        Options = JsonSerializer.SerializeToElement(_task.Options, _task.Options.GetType(), RunRecord.Json),
        Versions = RunRecord.CurrentVersions(),
    });

    // Whether the report is the best so far.
    private bool Watch(double loss, IReadOnlyDictionary<string, double> metrics)
    {
        var best = Options.EarlyStopping.Next(Best, Step, loss, metrics);
        bool better = best is not null && best.Step == Step;
        Best = best;
        if (better) _best?.Save(Current());
        return better;
    }

    private StepResult Update(bool report)
    {
        _watch.Start();
        try
        {
            var result = _task.Step(Step, report);
            Step++;
            return result;
        }
        finally
        {
            _watch.Stop();
        }
    }

    private static bool IsMultiple(long step, long every) => every > 0 && step % every == 0;
}
