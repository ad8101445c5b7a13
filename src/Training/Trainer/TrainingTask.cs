namespace GpuNets.Training;

/// <summary>
/// A task whose parameters are in one <see cref="GpuNets.Vars"/> tree and updated by one optimiser: what remains to be written is
/// <see cref="Step"/>.
/// </summary>
/// <param name="vars">The parameters, at the root of their tree.</param>
/// <param name="optimizer">What updates them.</param>
public abstract class TrainingTask(Vars vars, Optimizer optimizer) : ITrainingTask
{
    /// <summary>Entry of the optimiser's metadata that keeps the random numbers of training (dropout).</summary>
    private const string RandomEntry = "random";

    /// <summary>The parameters.</summary>
    public Vars Vars { get; } = vars;

    /// <summary>What updates them.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual ulong Seed => Vars.Seed;

    /// <inheritdoc/>
    public abstract object Options { get; }

    /// <inheritdoc/>
    public abstract StepResult Step(long index, bool report);

    /// <inheritdoc/>
    public StateDict SaveModel() => Vars.State();

    /// <inheritdoc/>
    public StateDict SaveOptimizer()
    {
        var state = Optimizer.State();
        state.Metadata[RandomEntry] = Vars.Random.State.ToString();
        return state;
    }

    /// <inheritdoc/>
    public void Restore(StateDict model, StateDict optimizer)
    {
        // All are checked before any is touched.
        Vars.Require(model);
        Optimizer.Require(optimizer);
        var random = optimizer.Metadata.TryGetValue(RandomEntry, out string? text) ? RandomState.Parse(text) : Vars.Random.State;
        Vars.Load(model);
        Optimizer.Load(optimizer);
        Vars.Random.State = random;
    }
}
