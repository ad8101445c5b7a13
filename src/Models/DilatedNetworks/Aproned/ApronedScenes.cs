namespace GpuNets.Models;

/// <summary>
/// "Aproned objects": images whose classes cannot be told without context. The background is two half-planes, class 0 (red) and 1 (green). On it
/// lie squares of one colour, each within an apron, class 4, that is wider than what a small network sees: a square is of class 2 when class 0
/// surrounds its apron and of class 3 when class 1 does. All colours have noise. Scene i is a function of seed and i alone.
/// </summary>
public sealed record ApronedScenes
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 5;

    private const int SmallestHalf = 3, LargestHalf = 5, NarrowestApron = 6, WidestApron = 9, Band = 3, Objects = 2;

    /// <summary>Height and width of an image.</summary>
    public int Size { get; init; } = 48;

    /// <summary>Deviation of the noise of every colour.</summary>
    public double Noise { get; init; } = 0.25;

    /// <summary>Places that are tried for each of the two objects; one without a fitting place is left out.</summary>
    public int Tries { get; init; } = 40;

    /// <summary>Makes scenes.</summary>
    /// <param name="count">Number of scenes, 0 to count - 1.</param>
    /// <param name="seed">Seed of all.</param>
    /// <param name="purpose">Names the series: training and test images of a seed differ.</param>
    public ApronedImages Generate(int count, ulong seed, string purpose)
    {
        Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int area = Size * Size;
        float[] colours = new float[count * 3 * area];
        int[] labels = new int[count * area];
        Philox places = new Philox(seed).Fork($"aproned {purpose} places"), noise = new Philox(seed).Fork($"aproned {purpose} noise");
        Parallel.For(0, count, i =>
        {
            var scene = labels.AsSpan(i * area, area);
            Place(scene, new Philox(places.Seed, (uint)i));
            Paint(scene, colours.AsSpan(i * 3 * area, 3 * area), new Philox(noise.Seed, (uint)i));
        });
        return new ApronedImages(Size, colours, labels);
    }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        int least = 2 * (SmallestHalf + NarrowestApron + Band) + 1;
        if (Size < least) throw new ArgumentException($"Size is {Size} but the smallest object with its surroundings takes {least} pixels.");
        if (!(Noise >= 0 && double.IsFinite(Noise))) throw new ArgumentException($"Noise is {Noise} but must be 0 or more.");
        if (Tries < 1) throw new ArgumentException($"Tries is {Tries} but must be at least 1.");
    }

    private void Place(Span<int> labels, Philox random)
    {
        uint draw = 0;
        double angle = 2 * Math.PI * random.Uniform(draw++), middle = (Size - 1) / 2.0;
        // Far from the other draws: a normal number takes words of its own.
        double offset = 0.15 * Size * random.Normal(1 << 20);
        for (int i = 0; i < labels.Length; i++)
            labels[i] = Math.Cos(angle) * (i % Size - middle) + Math.Sin(angle) * (i / Size - middle) > offset ? 1 : 0;
        for (int n = 0; n < Objects; n++)
        {
            for (int attempt = 0; attempt < Tries; attempt++)
            {
                int half = SmallestHalf + random.Below(draw++, LargestHalf - SmallestHalf + 1);
                int apron = half + NarrowestApron + random.Below(draw++, WidestApron - NarrowestApron + 1), reach = apron + Band;
                int room = Size - 2 * reach;
                int x = reach + random.Below(draw++, Math.Max(1, room)), y = reach + random.Below(draw++, Math.Max(1, room));
                if (room < 1 || !IsPlain(labels, x, y, reach)) continue;
                int ground = labels[y * Size + x];
                Square(labels, x, y, apron, 4);
                Square(labels, x, y, half, 2 + ground);
                break;
            }
        }
    }

    // One kind of ground throughout: then so is the band, and no object lies under the apron.
    private bool IsPlain(ReadOnlySpan<int> labels, int x, int y, int reach)
    {
        int ground = labels[y * Size + x];
        if (ground > 1) return false;
        for (int row = y - reach; row <= y + reach; row++)
            if (labels.Slice(row * Size + x - reach, 2 * reach + 1).ContainsAnyExcept(ground)) return false;
        return true;
    }

    private void Square(Span<int> labels, int x, int y, int half, int label)
    {
        for (int row = y - half; row <= y + half; row++) labels.Slice(row * Size + x - half, 2 * half + 1).Fill(label);
    }

    private void Paint(ReadOnlySpan<int> labels, Span<float> colours, Philox random)
    {
        for (int i = 0; i < colours.Length; i++)
        {
            int channel = i / labels.Length;
            double colour = labels[i % labels.Length] switch
            {
                0 => channel == 0 ? 1 : 0,
                1 => channel == 1 ? 1 : 0,
                4 => channel == 2 ? 0 : 0.3,
                _ => channel == 2 ? 1 : 0.3,
            };
            colours[i] = (float)(colour + Noise * random.Normal((uint)i));
        }
    }
}
