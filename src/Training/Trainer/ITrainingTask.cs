namespace GpuNets.Training;

/// <summary>
/// What a <see cref="Trainer"/> trains: a model with its data, loss and optimiser. For resuming to be exact, an update must
/// depend on nothing but the parameters, the optimiser's state, the seed and the number of the update.
/// </summary>
public interface ITrainingTask
{
    /// <summary>Short name, for example <c>ntm-copy</c>.</summary>
    string Name { get; }

    /// <summary>Seed of everything random in the run.</summary>
    ulong Seed { get; }

    /// <summary>Options of the run; written to the checkpoint as JSON.</summary>
    object Options { get; }

    /// <summary>Does one update: batch, forward, backward, optimiser.</summary>
    /// <param name="index">Number of the update from 0: also the number of its batch and of its random draws.</param>
    /// <param name="report">
    /// Whether the result is wanted. When false return default and leave the loss on the device, so that nothing waits for it.
    /// </param>
    StepResult Step(long index, bool report);

    /// <summary>Copies the parameters to the host.</summary>
    StateDict SaveModel();

    /// <summary>Copies the optimiser's state to the host.</summary>
    StateDict SaveOptimizer();

    /// <summary>Puts saved parameters and optimiser state in place: both or, when one does not fit, neither.</summary>
    /// <exception cref="StateDictException">Names or shapes do not fit; nothing was changed.</exception>
    void Restore(StateDict model, StateDict optimizer);
}
