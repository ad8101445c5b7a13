using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Addressing of one head in one step (paper, equations 5 to 9), by one team:
/// K_i = cos(k, Mem_i); wc = softmax(beta K); wg = g wc + (1 - g) w'; wt_i = sum_j s_j wg_(i-j); w_i = wt_i^gamma / (sum_j wt_j^gamma + 1e-16).
/// Lanes and threads run along the N rows; memory is [M, N]. Meant for N of tens to thousands and M of a few to a hundred.
/// </summary>
internal static unsafe class NtmWeighting
{
    /// <summary>Weightings below this count as this in logarithms; keeps 0^gamma and its gradient finite.</summary>
    public const float Floor = 1e-16f;

    /// <summary>Activates the head's parameters and computes its weighting.</summary>
    public static void Forward<TTeam>(NtmSizes z, NtmHead head, float* memory) where TTeam : struct, ITeam
    {
        int n = z.Rows, gate = z.Columns + 1, taps = gate + 1;
        Activate<TTeam>(z, head);
        TTeam.Barrier();
        float* act = head.Act;
        float keyNorm = Root(TTeam.Sum(z.Columns, new Square { X = act, Shift = z.Rules.CosineShift }));
        TTeam.Each(n, new Cosine { Head = head, Memory = memory, Rules = z.Rules, N = n, M = z.Columns, KeyNorm = keyNorm });
        float max = TTeam.Max(n, new Value { X = head.Content });
        float sum = TTeam.Sum(n, new Exponential { X = head.Content, Max = max });
        int contentOnly = z.Rules.ContentOnly;
        float g = contentOnly != 0 ? 1f : act[gate];
        TTeam.Each(n, new Gate
        {
            Content = head.Content,
            Previous = head.Previous,
            Gated = head.Gated + z.Shift,
            Scale = 1f / sum,
            G = g,
        });
        float total = 1f;
        if (contentOnly == 0)
        {
            Wrap<TTeam>(head.Gated, n, z.Shift);
            TTeam.Each(n, new Shift { Gated = head.Gated, Taps = act + taps, Y = head.Shifted, Count = z.Taps });
            if (z.Rules.Sharpen != 0)
            {
                float gamma = act[taps + z.Taps];
                total = TTeam.Sum(n, new Power { X = head.Shifted, Y = head.Weights, Exponent = gamma - 1f }) + Floor;
                TTeam.Each(n, new Divide { X = head.Weights, By = total });
            }
            else NtmCopy.Run<TTeam>(head.Shifted, head.Weights, n);
        }
        else NtmCopy.Run<TTeam>(head.Gated + z.Shift, head.Weights, n);
        if (TTeam.Rank == 0)
        {
            head.Sums[0] = total;
            head.Sums[1] = keyNorm;
        }
        TTeam.Barrier();
    }

    /// <summary>Repeats the ends of a weighting on the other side: a[t] = a[t + n], a[shift + n + t] = a[shift + t] for t below shift.</summary>
    public static void Wrap<TTeam>(float* a, int n, int shift) where TTeam : struct, ITeam
    {
        TTeam.Barrier();
        TTeam.Each(shift, new Ends { A = a, N = n, Shift = shift });
        TTeam.Barrier();
    }

    private static void Activate<TTeam>(NtmSizes z, NtmHead head) where TTeam : struct, ITeam
    {
        int m = z.Columns, address = z.AddressWidth;
        for (int part = 0; part < 1 + 2 * head.Writes; part++)
        {
            int offset = part == 0 ? 0 : address + (part - 1) * m;
            int kind = part == 0 ? z.Rules.Key : part == 1 ? z.Rules.Erase : z.Rules.Add;
            TTeam.Each(m, new Activation { X = head.Raw + offset, Y = head.Act + offset, Kind = kind, Clip = z.Rules.Clip });
        }
        // A handful of numbers: the leader alone.
        if (TTeam.Rank != 0) return;
        int taps = m + 2, end = taps + z.Taps;
        for (int j = m; j < address; j++)
            head.Act[j] = NtmActivation.Forward(Kind(z, j), NtmActivation.Clip(new Scalar(head.Raw[j]), z.Rules.Clip)).Value + (j < end ? 0f : 1f);
        if (z.Rules.ContentOnly != 0) return;
        float max = head.Act[taps], sum = 0f;
        for (int j = taps + 1; j < end; j++) max = SerialTeam.Larger(max, head.Act[j]);
        for (int j = taps; j < end; j++)
        {
            float e = LaneMath.Exp(new Scalar(head.Act[j] - max)).Value;
            head.Act[j] = e;
            sum += e;
        }
        for (int j = taps; j < end; j++) head.Act[j] /= sum;
    }

    /// <summary>Activation of the addressing parameter j (beta, g, s, gamma).</summary>
    public static int Kind(NtmSizes z, int j)
    {
        int m = z.Columns;
        if (j == m) return z.Rules.Beta;
        if (j == m + 1) return NtmActivation.Sigmoid;
        return j < m + 2 + z.Taps ? z.Rules.ShiftLogits : z.Rules.Gamma;
    }

    private static float Root(float x) => Scalar.Sqrt(new Scalar(x)).Value;

    private struct Activation : IElementBody
    {
        public float* X, Y;
        public int Kind;
        public float Clip;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Y, i, NtmActivation.Forward(Kind, NtmActivation.Clip(T.Load(X, i), Clip)));
    }

    private struct Square : IElementMap
    {
        public float* X;
        public float Shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i) + T.Of(Shift);
            return x * x;
        }
    }

    private struct Cosine : IElementBody
    {
        public NtmHead Head;
        public NtmRules Rules;
        public float* Memory;
        public int N, M;
        public float KeyNorm;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            float* memory = Memory, key = Head.Act;
            T dot = T.Of(0f), square = dot, dot2 = dot, square2 = dot, shift = T.Of(Rules.CosineShift);
            int m = 0, at = i;
            for (; m + 2 <= M; m += 2)
            {
                T a = T.Load(memory, at) + shift, b = T.Load(memory, at + N) + shift;
                dot = T.MulAdd(T.Of(key[m] + Rules.CosineShift), a, dot);
                square = T.MulAdd(a, a, square);
                dot2 = T.MulAdd(T.Of(key[m + 1] + Rules.CosineShift), b, dot2);
                square2 = T.MulAdd(b, b, square2);
                at += 2 * N;
            }
            if (m < M)
            {
                T a = T.Load(memory, at) + shift;
                dot = T.MulAdd(T.Of(key[m] + Rules.CosineShift), a, dot);
                square = T.MulAdd(a, a, square);
            }
            T norm = T.Sqrt(square + square2);
            T cosine = (dot + dot2) / Denominator(Rules, T.Of(KeyNorm) * norm);
            T.Store(Head.Norms, i, norm);
            T.Store(Head.Cosine, i, cosine);
            T.Store(Head.Content, i, T.Of(key[M]) * cosine);
        }
    }

    /// <summary>The denominator of the cosine for a product of norms.</summary>
    public static T Denominator<T>(NtmRules rules, T norms) where T : struct, ILane<T>
    {
        T epsilon = T.Of(rules.CosineEpsilon);
        return rules.CosineFloor != 0 ? LaneMath.Max(norms, epsilon) : norms + epsilon;
    }

    private struct Value : IElementMap
    {
        public float* X;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i);
    }

    private struct Exponential : IElementMap
    {
        public float* X;
        public float Max;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T y = LaneMath.Exp(T.Load(X, i) - T.Of(Max));
            T.Store(X, i, y);
            return y;
        }
    }

    private struct Gate : IElementBody
    {
        public float* Content, Previous, Gated;
        public float Scale, G;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T content = T.Load(Content, i) * T.Of(Scale);
            T.Store(Content, i, content);
            T.Store(Gated, i, Blend(content, T.Load(Previous, i), G));
        }
    }

    /// <summary>wg = g wc + (1 - g) w'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Blend<T>(T content, T previous, float g) where T : struct, ILane<T> =>
        T.MulAdd(T.Of(g), content, T.Of(1f - g) * previous);

    private struct Ends : IElementBody
    {
        public float* A;
        public int N, Shift;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T.Store(A, i, T.Load(A, i + N));
            T.Store(A, Shift + N + i, T.Load(A, Shift + i));
        }
    }

    private struct Shift : IElementBody
    {
        public float* Gated, Taps, Y;
        public int Count;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            // Tap t shifts by t - s: it takes the value s - t places to the right of i, and the padding moves i by s.
            T sum = T.Of(0f);
            for (int t = 0; t < Count; t++) sum = T.MulAdd(T.Of(Taps[t]), T.Load(Gated, i + Count - 1 - t), sum);
            T.Store(Y, i, sum);
        }
    }

    private struct Power : IElementMap
    {
        public float* X, Y;
        public float Exponent;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i);
            T y = x * LaneMath.Exp(T.Of(Exponent) * LaneMath.Log(Above(x)));
            T.Store(Y, i, y);
            return y;
        }
    }

    /// <summary>max(x, Floor).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Above<T>(T x) where T : struct, ILane<T> => T.IfGreater(x, T.Of(Floor), x, T.Of(Floor));

    private struct Divide : IElementBody
    {
        public float* X;
        public float By;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, T.Load(X, i) / T.Of(By));
    }
}
