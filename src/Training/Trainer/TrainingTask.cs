namespace GpuNets.Training;

/// <summary>
/// A task whose parameters are in one <see cref="GpuNets.Vars"/> tree and updated by one optimiser: what remains to be written is
/// <see cref="Step"/>.
/// </summary>
/// <param name="vars">The parameters, at the root of their tree.</param>
/// <param name="optimizer">What updates them.</param>
public abstract class TrainingTask(Vars vars, Optimizer optimizer) : ITrainingTask
{
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
    public StateDict SaveOptimizer() => Optimizer.State();

    /// <inheritdoc/>
    public void Restore(StateDict model, StateDict optimizer)
    {
        // Both are checked before either is touched.
        Vars.Require(model);
        Optimizer.Require(optimizer);
        Vars.Load(model);
        Optimizer.Load(optimizer);
    }
}
