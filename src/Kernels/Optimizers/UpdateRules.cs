namespace GpuNets.Kernels;

/// <summary>Momentum SGD: d = g + wd p; m = mu m + (1 - damping) d; p -= lr (nesterov ? d + mu m : m).</summary>
internal struct SgdRule : IUpdateRule
{
    public float Momentum, WeightDecay;
    public int Nesterov;

    public static int Slots => 1;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        T d = T.MulAdd(T.Of(WeightDecay * step.Decay), state.Parameter, gradient);
        state.A = T.MulAdd(T.Of(Momentum), state.A, T.Of(step.Undamped) * d);
        T velocity = Nesterov != 0 ? T.MulAdd(T.Of(Momentum), state.A, d) : state.A;
        state.Parameter -= T.Of(step.Rate) * velocity;
        return state;
    }
}

/// <summary>SGD without state: p -= lr (g + wd p).</summary>
internal struct PlainSgdRule : IUpdateRule
{
    public float WeightDecay;

    public static int Slots => 0;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        state.Parameter -= T.Of(step.Rate) * T.MulAdd(T.Of(WeightDecay * step.Decay), state.Parameter, gradient);
        return state;
    }
}

/// <summary>
/// Adam (Kingma and Ba 2014): m = b1 m + (1 - b1) d; v = b2 v + (1 - b2) d^2; p -= rate m / (sqrt(v) correction + eps), with
/// d = g + l2 p and, for AdamW (Loshchilov and Hutter 2017), p scaled by 1 - lr wd first.
/// </summary>
internal struct AdamRule : IUpdateRule
{
    public float Beta1, Beta2, Epsilon, L2;

    public static int Slots => 2;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        T d = T.MulAdd(T.Of(L2 * step.Decay), state.Parameter, gradient);
        state.A = T.MulAdd(T.Of(Beta1), state.A, T.Of(1f - Beta1) * d);
        state.B = T.MulAdd(T.Of(Beta2), state.B, T.Of(1f - Beta2) * d * d);
        T divisor = T.MulAdd(T.Sqrt(state.B), T.Of(step.VarianceCorrection), T.Of(Epsilon));
        state.Parameter = state.Parameter * T.Of(step.Keep) - T.Of(step.Rate) * state.A / divisor;
        return state;
    }
}

/// <summary>Adamax (Kingma and Ba 2014, section 7.1): m = b1 m + (1 - b1) d; u = max(b2 u, |d| + eps); p -= rate m / u.</summary>
internal struct AdamaxRule : IUpdateRule
{
    public float Beta1, Beta2, Epsilon, L2;

    public static int Slots => 2;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        T d = T.MulAdd(T.Of(L2 * step.Decay), state.Parameter, gradient);
        state.A = T.MulAdd(T.Of(Beta1), state.A, T.Of(1f - Beta1) * d);
        state.B = LaneMath.Max(T.Of(Beta2) * state.B, T.Abs(d) + T.Of(Epsilon));
        state.Parameter -= T.Of(step.Rate) * state.A / state.B;
        return state;
    }
}

/// <summary>
/// Adadelta (Zeiler 2012): n = rho n + (1 - rho) d^2; s = sqrt(u + eps) / sqrt(n + eps) d; u = rho u + (1 - rho) s^2; p -= lr s.
/// </summary>
internal struct AdadeltaRule : IUpdateRule
{
    public float Rho, Epsilon, L2;

    public static int Slots => 2;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        T d = T.MulAdd(T.Of(L2 * step.Decay), state.Parameter, gradient);
        state.A = T.MulAdd(T.Of(Rho), state.A, T.Of(1f - Rho) * d * d);
        T change = T.Sqrt(state.B + T.Of(Epsilon)) / T.Sqrt(state.A + T.Of(Epsilon)) * d;
        state.B = T.MulAdd(T.Of(Rho), state.B, T.Of(1f - Rho) * change * change);
        state.Parameter -= T.Of(step.Rate) * change;
        return state;
    }
}

/// <summary>
/// RMSProp: n = rho n + (1 - rho) d^2, centred with m = rho m + (1 - rho) d. Common form: b = mu b + d / (sqrt(n - m^2) + eps);
/// p -= lr b. Graves' form (2013, eqs 38-41): b = mu b - lr d / sqrt(n - m^2 + eps); p += b.
/// </summary>
internal struct RmsPropRule : IUpdateRule
{
    public float Rho, Momentum, Epsilon, L2;
    public int Centered, Graves;

    public static int Slots => 3;

    public readonly UpdateState<T> Next<T>(UpdateState<T> state, T gradient, UpdateStep step) where T : struct, ILane<T>
    {
        T d = T.MulAdd(T.Of(L2 * step.Decay), state.Parameter, gradient);
        state.A = T.MulAdd(T.Of(Rho), state.A, T.Of(1f - Rho) * d * d);
        state.B = T.MulAdd(T.Of(Rho), state.B, T.Of(1f - Rho) * d);
        T variance = Centered != 0 ? state.A - state.B * state.B : state.A;
        variance = T.IfGreater(T.Of(0f), variance, T.Of(0f), variance);   // rounding can leave it just below zero
        T divisor = Graves != 0 ? T.Sqrt(variance + T.Of(Epsilon)) : T.Sqrt(variance) + T.Of(Epsilon);
        T scaled = d / divisor;
        state.C = T.Of(Momentum) * state.C + (Graves != 0 ? T.Of(step.Rate) * scaled : scaled);
        state.Parameter -= Graves != 0 ? state.C : T.Of(step.Rate) * state.C;
        return state;
    }
}
