using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Updates parameters from their gradients; one fused launch over all of them per step. Refuses a step when one of its parameters got
/// no gradient, or when a parameter of the same model has a gradient that no optimiser owns, naming the paths.
/// </summary>
public abstract class Optimizer
{
    private readonly ParameterArena _arena;
    private readonly DeviceBuffer _scale;
    private readonly DeviceBuffer _multipliers;
    private readonly DeviceBuffer[] _slots;
    private readonly string[] _slotNames;
    private DeviceBuffer? _partial, _captured;

    private protected Optimizer(IReadOnlyList<Parameter> parameters, string[] slotNames)
    {
        if (parameters.Count == 0) throw new StateException($"{GetType().Name}: no parameters to train.");
        foreach (var parameter in parameters)
        {
            if (parameter.Owner is not null)
                throw new StateException($"{GetType().Name}: {parameter.Path} already belongs to a {parameter.Owner.GetType().Name}.");
        }
        _arena = new ParameterArena(parameters, this);
        _slotNames = slotNames;
        Device = parameters[0].Device;
        _slots = [.. slotNames.Select(name => _arena.NewZero(Device, $"optimizer {name}"))];
        _multipliers = Device.Allocate(2 * _arena.Blocks, "multipliers of rates and weight decay");
        Fill.Launch(_multipliers, 1f);
        _scale = Device.Allocate(2, "gradient scale");
        _scale.Write([1f, float.NaN]);
    }

    /// <summary>Where the parameters live.</summary>
    public Device Device { get; }

    /// <summary>The parameters that a step updates.</summary>
    public IReadOnlyList<Parameter> Parameters => _arena.Parameters;

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Learning rate of the next step; <see cref="Schedule"/> overrides it.</summary>
    public abstract float LearningRate { get; set; }

    /// <summary>Learning rate as a function of the step (0, 1, ...), see <see cref="Schedules"/>; null keeps <see cref="LearningRate"/>.</summary>
    public Func<long, float>? Schedule { get; set; }

    /// <summary>Each component of the gradient is cut to [-value, value]; infinity for none.</summary>
    public float ClipValue { get; set; } = float.PositiveInfinity;

    /// <summary>The gradient is scaled down to this Euclidean norm over all parameters when it is longer; infinity for none.</summary>
    public float ClipNorm { get; set; } = float.PositiveInfinity;

    /// <summary>False treats missing gradients as zero and ignores gradients that nobody owns.</summary>
    public bool Strict { get; set; } = true;

    /// <summary>
    /// Gives parameters a learning rate and a weight decay of their own, as multiples of those of the optimiser: biases commonly take twice the
    /// rate, or no decay. Not part of <see cref="State"/>.
    /// </summary>
    /// <param name="parameters">Parameters of this optimiser.</param>
    /// <param name="learningRate">Multiplier on the learning rate; 0 keeps the parameters as they are.</param>
    /// <param name="weightDecay">Multiplier on the weight decay; 0 for none.</param>
    /// <exception cref="StateException">A parameter belongs to another optimiser or to none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A multiplier is negative or not finite.</exception>
    public void Multiply(IEnumerable<Parameter> parameters, float learningRate = 1f, float weightDecay = 1f)
    {
        foreach (float value in (float[])[learningRate, weightDecay])
        {
            if (!float.IsFinite(value) || value < 0)
                throw new ArgumentOutOfRangeException(nameof(learningRate), value, $"{GetType().Name}.Multiply: multipliers must be 0 or more.");
        }
        Parameter[] chosen = [.. parameters];
        foreach (var parameter in chosen)
        {
            if (parameter.Owner != this) throw new StateException($"{GetType().Name}.Multiply: {parameter.Path} does not belong to this optimiser.");
        }
        foreach (var parameter in chosen)
        {
            var (first, count) = _arena.BlocksOf(parameter);
            var pairs = new float[2 * count];
            for (int i = 0; i < count; i++) (pairs[2 * i], pairs[2 * i + 1]) = (learningRate, weightDecay);
            _multipliers.Slice(2 * first, pairs.Length).Write(pairs);
        }
    }

    /// <summary>Norm of the gradient before clipping at the last step with a finite <see cref="ClipNorm"/>; waits for the device.</summary>
    public float LastGradientNorm()
    {
        Span<float> values = stackalloc float[2];
        _scale.Read(values);
        return values[1];
    }

    /// <summary>Updates the parameters and forgets their gradients.</summary>
    /// <exception cref="StateException">A parameter got no gradient, or a gradient has no owner (see <see cref="Strict"/>).</exception>
    public void Step()
    {
        CheckGradients();
        var step = Advance();
        _captured = Device.Recording?.Words(UpdateStep.WordCount, Capture());
        if (float.IsFinite(ClipNorm)) ScaleToNorm();
        Update(step);
        _captured = null;
        foreach (var parameter in Parameters) parameter.ClearGradient();
    }

    /// <summary>Step count and moments as tensors named <c>slot.parameter path</c>, to be saved beside the model.</summary>
    public StateDict State()
    {
        var state = new StateDict();
        state.Add(StateTensor.From("step", [], [Steps]));
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                var values = new float[Parameters[i].Count];
                _slots[slot].Slice(_arena.Offsets[i], values.Length).Read(values);
                state.Add(StateTensor.From($"{_slotNames[slot]}.{Parameters[i].Path}", LongShape(Parameters[i]), values));
            }
        }
        return state;
    }

    /// <summary>Restores what <see cref="State"/> gave. Nothing changes if the state does not fit.</summary>
    /// <exception cref="StateDictException">Names are missing or unexpected, or shapes differ; the message lists them all.</exception>
    public void Load(StateDict state)
    {
        long steps = Require(state);
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            for (int i = 0; i < Parameters.Count; i++)
                _slots[slot].Slice(_arena.Offsets[i], Parameters[i].Count).Write(state[$"{_slotNames[slot]}.{Parameters[i].Path}"].ToFloats());
        }
        Steps = steps;
    }

    /// <summary>Checks that a state fits this optimiser, without loading it.</summary>
    /// <returns>The steps of the state.</returns>
    /// <exception cref="StateDictException">Names are missing or unexpected, or shapes differ; the message lists them all.</exception>
    public long Require(StateDict state)
    {
        var expected = new List<KeyValuePair<string, IReadOnlyList<long>>> { new("step", []) };
        foreach (string slot in _slotNames)
        {
            foreach (var parameter in Parameters) expected.Add(new($"{slot}.{parameter.Path}", LongShape(parameter)));
        }
        state.Require(expected);
        return state["step"].ToInt64()[0];
    }

    /// <summary>What changes from step to step; <paramref name="step"/> counts from 1.</summary>
    private protected virtual UpdateStep Next(long step) => new() { Rate = LearningRate };

    /// <summary>Launches the update.</summary>
    private protected abstract void Update(in UpdateStep step);

    private protected void Launch<TRule>(TRule rule, in UpdateStep step) where TRule : struct, IUpdateRule
    {
        var unused = _arena.Values.Floats;
        var kernel = new UpdateKernel<TRule>
        {
            Parameters = _arena.Values.Floats,
            Gradients = _arena.Gradients.Floats,
            A = TRule.Slots > 0 ? _slots[0].Floats : unused,
            B = TRule.Slots > 1 ? _slots[1].Floats : unused,
            C = TRule.Slots > 2 ? _slots[2].Floats : unused,
            Scale = _scale.Floats,
            Multipliers = _multipliers.Floats,
            Words = _captured?.Ints ?? Device.Tables.Zeros,
            Rule = rule,
            Step = _captured is null ? step : default,
        };
        Device.ForEach(kernel, _arena.Count, 0.5f);
    }

    // The host's part of a step.
    private UpdateStep Advance()
    {
        if (Schedule is not null) LearningRate = Schedule(Steps);
        return Next(++Steps) with { ClipValue = ClipValue };
    }

    // What each run of a captured step reads. The first one was counted already.
    private StepWords Capture()
    {
        bool counted = true, clips = float.IsFinite(ClipNorm);
        return words =>
        {
            if (float.IsFinite(ClipNorm) != clips)
                throw new InvalidOperationException($"Capture: {GetType().Name}.ClipNorm became {ClipNorm}, which takes other launches; capture the step anew.");
            if (!counted) Advance().Write(words);
            else (Next(Steps) with { ClipValue = ClipValue }).Write(words);
            counted = false;
            words[UpdateStep.LimitWord] = BitConverter.SingleToUInt32Bits(ClipNorm);
        };
    }

    private static long[] LongShape(Parameter parameter) => [.. parameter.Shape.Select(size => (long)size)];

    private void CheckGradients()
    {
        foreach (var parameter in Parameters)
        {
            if (parameter.HasGradient) continue;
            if (Strict)
            {
                var missing = Parameters.Where(p => !p.HasGradient).Select(p => p.Path);
                throw new StateException($"{GetType().Name}.Step: no gradient reached {string.Join(", ", missing)}.");
            }
            Fill.Launch(parameter.GradientTarget(out _), 0f);
        }
        if (!Strict) return;
        foreach (var sibling in Parameters[0].Siblings)
        {
            if (sibling is { HasGradient: true, Owner: null })
                throw new StateException($"{GetType().Name}.Step: {sibling.Path} got a gradient but belongs to no optimiser; freeze or train it.");
        }
    }

    private void ScaleToNorm()
    {
        int blocks = (_arena.Count + SquaresPartial.Block - 1) / SquaresPartial.Block;
        _partial ??= Device.Allocate(blocks, "partial norms");
        Device.ForRows(
            new SquaresPartial { X = _arena.Gradients.Floats, Partial = _partial.Floats, Count = _arena.Count }, blocks, SquaresPartial.Block);
        var limit = StepFloat.Of(Device, ClipNorm, _captured?.Slice(UpdateStep.LimitWord, 1));
        Device.ForRows(
            new NormScale { Partial = _partial.Floats, Result = _scale.Floats, Count = blocks, Limit = limit }, 1, blocks);
    }
}
