namespace GpuNets.Training;

/// <summary>Sentences of ids side by side: one a row, padded to the same length. [rows, length]</summary>
public sealed class TokenRows
{
    private TokenRows(int[] values, int[] lengths, int length) => (Values, Lengths, Length) = (values, lengths, length);

    /// <summary>Ids in row-major order, <see cref="Vocabulary.Pad"/> after the end of a sentence.</summary>
    public int[] Values { get; }

    /// <summary>Ids of each row that are no padding.</summary>
    public int[] Lengths { get; }

    /// <summary>Number of sentences.</summary>
    public int Rows => Lengths.Length;

    /// <summary>Columns: the longest row, rounded up; at least one.</summary>
    public int Length { get; }

    /// <summary>[rows, length]</summary>
    public Shape Shape => (Rows, Length);

    /// <summary>Ids that are no padding.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>Pads sentences to the length of the longest.</summary>
    /// <param name="sentences">One or more sentences.</param>
    /// <param name="begin">Put <see cref="Vocabulary.Bos"/> before each.</param>
    /// <param name="end">Put <see cref="Vocabulary.Eos"/> after each.</param>
    /// <param name="multiple">The length is rounded up to a multiple of this.</param>
    /// <exception cref="ArgumentException">There are no sentences.</exception>
    public static TokenRows Pad(IReadOnlyList<int[]> sentences, bool begin = false, bool end = false, int multiple = 1)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        if (sentences.Count == 0) throw new ArgumentException("TokenRows: no sentences, expected at least one.", nameof(sentences));
        int more = (begin ? 1 : 0) + (end ? 1 : 0);
        int[] lengths = [.. sentences.Select(ids => ids.Length + more)];
        int length = RoundUp(Math.Max(lengths.Max(), 1), multiple);
        int[] values = new int[checked(sentences.Count * length)];
        for (int row = 0; row < sentences.Count; row++)
        {
            int at = row * length;
            if (begin) values[at++] = Vocabulary.Bos;
            sentences[row].CopyTo(values, at);
            if (end) values[at + sentences[row].Length] = Vocabulary.Eos;
        }
        return new TokenRows(values, lengths, length);
    }

    /// <summary>Copies ids [rows, length] and lengths [rows] to a device. They belong to the innermost scope.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="vocabulary">Number of ids: all must be below.</param>
    /// <exception cref="ShapeException">An id is out of range; is it the vocabulary of another model?</exception>
    public (IndexTensor Ids, IndexTensor Lengths) Upload(Device device, int vocabulary) =>
        (device.Indices(Values, Shape, vocabulary), device.Indices(Lengths, Rows, Length + 1));

    internal static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
