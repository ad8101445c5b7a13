using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// One optimiser step over all parameters, which lie in one flat buffer: p, state = rule(p, state, clip(scale g)). Memory bound: reads and
/// writes every buffer once. The scale comes from a buffer, so that clipping by global norm needs no round trip to the host.
/// </summary>
internal struct UpdateKernel<TRule> : IElementKernel where TRule : struct, IUpdateRule
{
    public static bool InFours => true;

    public ArrayView<float> Parameters, Gradients, A, B, C, Scale;

    /// <summary>One for the rate and one for weight decay per block of values.</summary>
    public ArrayView<float> Multipliers;
    public ArrayView<int> Words;
    public TRule Rule;
    public UpdateStep Step;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Parameters = Parameters.Ptr(),
        Gradients = Gradients.Ptr(),
        A = A.Ptr(),
        B = B.Ptr(),
        C = C.Ptr(),
        Rule = Rule,
        Multipliers = Multipliers.Ptr(),
        Scale = Scale.Ptr()[0],
        Step = Step.With(Words.Ptr()),
    });

    private unsafe struct Body : IElementBody
    {
        public float* Parameters, Gradients, A, B, C, Multipliers;
        public TRule Rule;
        public UpdateStep Step;
        public float Scale;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T gradient = T.Load(Gradients, i) * T.Of(Scale);
            gradient = T.IfGreater(gradient, T.Of(Step.ClipValue), T.Of(Step.ClipValue), gradient);
            gradient = T.IfGreater(T.Of(-Step.ClipValue), gradient, T.Of(-Step.ClipValue), gradient);
            int block = i >> UpdateStep.BlockShift << 1;
            UpdateState<T> state = default;
            state.Parameter = T.Load(Parameters, i);
            if (TRule.Slots > 0) state.A = T.Load(A, i);
            if (TRule.Slots > 1) state.B = T.Load(B, i);
            if (TRule.Slots > 2) state.C = T.Load(C, i);
            state = Rule.Next(state, gradient, Step.Times(Multipliers[block], Multipliers[block + 1]));
            T.Store(Parameters, i, state.Parameter);
            if (TRule.Slots > 0) T.Store(A, i, state.A);
            if (TRule.Slots > 1) T.Store(B, i, state.B);
            if (TRule.Slots > 2) T.Store(C, i, state.C);
        }
    }
}
