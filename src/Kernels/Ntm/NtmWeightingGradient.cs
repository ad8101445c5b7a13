using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Gradient of <see cref="NtmWeighting"/>, by one team. With y = wt^gamma and Y = sum y: dy = (dw - sum dw w) / Y;
/// dwt = gamma wt^(gamma-1) dy; dgamma = sum y ln(wt) dy; dwg_i = sum_j s_j dwt_(i+j); ds_j = sum_i dwt_i wg_(i-j); dg = sum dwg (wc - w');
/// dw' = (1 - g) dwg; dlogit = wc (g dwg - sum wc g dwg); dbeta = sum K dlogit; then through the cosine to key and memory.
/// </summary>
internal static unsafe class NtmWeightingGradient
{
    public static void Run<TTeam>(NtmSizes z, NtmHead head, NtmHeadGradient grad, float* memory) where TTeam : struct, ITeam
    {
        int n = z.Rows, m = z.Columns, taps = m + 2, gammaAt = taps + z.Taps;
        float* act = head.Act;
        float total = head.Sums[0], keyNorm = head.Sums[1], dGate = 0f, dGamma = 0f;
        if (z.Rules.ContentOnly == 0)
        {
            float g = act[m + 1];
            float* halo = grad.Halo + z.Shift;
            if (z.Rules.Sharpen != 0)
            {
                float mean = TTeam.Sum(n, new Product { X = grad.Weights, Y = head.Weights });
                dGamma = TTeam.Sum(n, new Power { Shifted = head.Shifted, DW = grad.Weights, DX = halo, Mean = mean, Total = total, Gamma = act[gammaAt] });
            }
            else NtmCopy.Run<TTeam>(grad.Weights, halo, n);
            TTeam.Each(n, new Gate { Content = head.Content, Previous = head.Previous, Gated = head.Gated + z.Shift, G = g });
            NtmWeighting.Wrap<TTeam>(grad.Halo, n, z.Shift);
            NtmWeighting.Wrap<TTeam>(head.Gated, n, z.Shift);
            for (int t = 0; t < z.Taps; t++)
            {
                float dTap = TTeam.Sum(n, new Product { X = halo, Y = head.Gated + (z.Taps - 1 - t) });
                if (TTeam.Rank == 0) grad.Act[taps + t] = dTap;
            }
            dGate = TTeam.Sum(n, new Unshift
            {
                Halo = grad.Halo,
                Taps = act + taps,
                Count = z.Taps,
                G = g,
                Content = head.Content,
                Previous = head.Previous,
                DPrevious = grad.Weights,
                DContent = grad.Dot,
            });
        }
        else
        {
            NtmCopy.Run<TTeam>(grad.Weights, grad.Dot, n);
            NtmFill.Run<TTeam>(grad.Weights, 0f, n);
        }
        float average = TTeam.Sum(n, new Product { X = grad.Dot, Y = head.Content });
        float dBeta = TTeam.Sum(n, new Softmax { Head = head, Grad = grad, Rules = z.Rules, Average = average, Beta = act[m], KeyNorm = keyNorm });
        float dKeyNorm = TTeam.Sum(n, new Norms { Head = head, Grad = grad, KeyNorm = keyNorm });
        float perKey = keyNorm > 0f ? dKeyNorm / keyNorm : 0f;
        for (int c = 0; c < m; c++)
        {
            float key = act[c] + z.Rules.CosineShift;
            float dKey = TTeam.Sum(n, new MemoryRow
            {
                Memory = memory + c * n,
                DMemory = grad.Memory + c * n,
                Dot = grad.Dot,
                Norm = grad.Norm,
                Key = key,
                Shift = z.Rules.CosineShift,
            });
            if (TTeam.Rank == 0) grad.Act[c] = dKey + perKey * key;
        }
        if (TTeam.Rank == 0)
        {
            grad.Act[m] = dBeta;
            if (z.Rules.ContentOnly == 0)
            {
                grad.Act[m + 1] = dGate;
                if (z.Rules.Sharpen != 0) grad.Act[gammaAt] = dGamma;
                Taps(z, act + taps, grad.Act + taps);
            }
        }
        TTeam.Barrier();
        TTeam.Each(z.AddressWidth + head.Writes * 2 * m, new Activation { Head = head, Grad = grad, Sizes = z });
        TTeam.Barrier();
    }

    /// <summary>Softmax over the taps: d logit_t = s_t (ds_t - sum ds s).</summary>
    private static void Taps(NtmSizes z, float* s, float* ds)
    {
        float mean = 0f;
        for (int t = 0; t < z.Taps; t++) mean += s[t] * ds[t];
        for (int t = 0; t < z.Taps; t++) ds[t] = s[t] * (ds[t] - mean);
    }

    private struct Activation : IElementBody
    {
        public NtmHead Head;
        public NtmHeadGradient Grad;
        public NtmSizes Sizes;

        // Neighbours have different activations: one at a time.
        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) One(i + lane);
        }

        private readonly void One(int j)
        {
            int m = Sizes.Columns, address = Sizes.AddressWidth;
            int kind = j < m ? Sizes.Rules.Key : j < address ? NtmWeighting.Kind(Sizes, j) : j < address + m ? Sizes.Rules.Erase : Sizes.Rules.Add;
            var slope = NtmActivation.Derivative(kind, new Scalar(Head.Raw[j]), new Scalar(Head.Act[j]), Sizes.Rules.Clip);
            Grad.Raw[j] = Grad.Act[j] * slope.Value;
        }
    }

    private struct Product : IElementMap
    {
        public float* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i) * T.Load(Y, i);
    }

    private struct Gate : IElementBody
    {
        public float* Content, Previous, Gated;
        public float G;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Gated, i, NtmWeighting.Blend(T.Load(Content, i), T.Load(Previous, i), G));
    }

    private struct Power : IElementMap
    {
        public float* Shifted, DW, DX;
        public float Mean, Total, Gamma;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(Shifted, i);
            T log = LaneMath.Log(NtmWeighting.Above(x));
            T power = LaneMath.Exp(T.Of(Gamma - 1f) * log);
            T dy = (T.Load(DW, i) - T.Of(Mean)) / T.Of(Total);
            // Below the floor the power is a constant factor.
            T slope = T.IfGreater(x, T.Of(NtmWeighting.Floor), T.Of(Gamma), T.Of(1f));
            T.Store(DX, i, slope * power * dy);
            return x * power * log * dy;
        }
    }

    private struct Unshift : IElementMap
    {
        public float* Halo, Taps, Content, Previous, DPrevious, DContent;
        public float G;
        public int Count;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int t = 0; t < Count; t++) sum = T.MulAdd(T.Of(Taps[t]), T.Load(Halo, i + t), sum);
            T.Store(DPrevious, i, T.Of(1f - G) * sum);
            T.Store(DContent, i, T.Of(G) * sum);
            return sum * (T.Load(Content, i) - T.Load(Previous, i));
        }
    }

    /// <summary>Leaves d dot in Dot and d denominator in Norm; returns the terms of dbeta.</summary>
    private struct Softmax : IElementMap
    {
        public NtmHead Head;
        public NtmHeadGradient Grad;
        public NtmRules Rules;
        public float Average, Beta, KeyNorm;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T cosine = T.Load(Head.Cosine, i), norms = T.Of(KeyNorm) * T.Load(Head.Norms, i);
            T dLogit = T.Load(Head.Content, i) * (T.Load(Grad.Dot, i) - T.Of(Average));
            T denominator = NtmWeighting.Denominator(Rules, norms);
            T dDot = T.Of(Beta) * dLogit / denominator;
            T dDenominator = -(dDot * cosine);
            if (Rules.CosineFloor != 0) dDenominator = T.IfGreater(norms, T.Of(Rules.CosineEpsilon), dDenominator, T.Of(0f));
            T.Store(Grad.Dot, i, dDot);
            T.Store(Grad.Norm, i, dDenominator);
            return dLogit * cosine;
        }
    }

    /// <summary>Turns d denominator into the factor of Mem_i in dMem_i; returns the terms of d|k|. A row of zeros has no direction: factor 0.</summary>
    private struct Norms : IElementMap
    {
        public NtmHead Head;
        public NtmHeadGradient Grad;
        public float KeyNorm;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T norm = T.Load(Head.Norms, i), d = T.Load(Grad.Norm, i);
            T safe = T.IfGreater(norm, T.Of(0f), norm, T.Of(1f));
            T.Store(Grad.Norm, i, T.IfGreater(norm, T.Of(0f), d * T.Of(KeyNorm) / safe, T.Of(0f)));
            return d * norm;
        }
    }

    private struct MemoryRow : IElementMap
    {
        public float* Memory, DMemory, Dot, Norm;
        public float Key, Shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T value = T.Load(Memory, i) + T.Of(Shift), dot = T.Load(Dot, i);
            T.Store(DMemory, i, T.MulAdd(dot, T.Of(Key), T.MulAdd(T.Load(Norm, i), value, T.Load(DMemory, i))));
            return dot * value;
        }
    }
}
