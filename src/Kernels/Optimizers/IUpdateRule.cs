namespace GpuNets.Kernels;

/// <summary>How an optimiser changes one parameter, as a formula over lanes. The struct holds what stays from step to step.</summary>
internal interface IUpdateRule
{
    /// <summary>Values of state that each parameter has, 0 to 3.</summary>
    static abstract int Slots { get; }

    /// <summary>The parameter and its state after the step, given its gradient (already clipped).</summary>
    UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>;
}

/// <summary>A parameter with its optimiser state; unused slots are undefined.</summary>
internal struct UpdateState<T> where T : struct, ILane<T>
{
    public T Parameter, A, B, C;
}
