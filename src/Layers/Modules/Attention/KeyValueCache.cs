using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Keys and values of earlier time steps, for decoding step by step: [batch, heads, steps, size] each, appended in place. Samples may hold
/// different numbers of steps. It grows by doubling; dispose it to give its memory back to the pool. In a captured step
/// (<see cref="DeviceTapes.Capture(Device, Func{Tensor})"/>) each run appends anew, within the room that there is.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private const string Label = "key-value cache";

    private int[] _lengths;
    private DeviceBuffer _keys, _values;
    private DeviceBuffer _steps;   // steps held, and how many of them are new: [2, batch]
    private DeviceBuffer? _captured;   // the same, as launches of the step that is being recorded read it
    private bool _isBehind;   // replayed steps have appended since _steps was written

    /// <summary>Makes an empty cache.</summary>
    /// <param name="device">Where it lives.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="size">Features of a key.</param>
    /// <param name="valueSize">Features of a value; null: as many.</param>
    /// <param name="capacity">Steps that there is room for at first.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public KeyValueCache(Device device, int batch, int heads, int size, int? valueSize = null, int capacity = 64)
    {
        foreach (int number in new[] { batch, heads, size, valueSize ?? size, capacity }) ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        (Device, Batch, Heads, Size, ValueSize, Capacity) = (device, batch, heads, size, valueSize ?? size, capacity);
        _lengths = new int[batch];
        _keys = Allocate(Size, Capacity);
        _values = Allocate(ValueSize, Capacity);
        _steps = device.Allocate(2 * batch, "steps of a key-value cache");
        _steps.Write(new int[2 * batch]);
    }

    /// <summary>Where it lives.</summary>
    public Device Device { get; }

    /// <summary>Samples.</summary>
    public int Batch { get; private set; }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>Features of a key.</summary>
    public int Size { get; }

    /// <summary>Features of a value.</summary>
    public int ValueSize { get; }

    /// <summary>Steps that there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Steps that each sample holds.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>Steps that the longest sample holds.</summary>
    public int Longest => _lengths.Max();

    /// <summary>Appends time steps.</summary>
    /// <param name="key">[batch, time, heads * size], as a projection makes it.</param>
    /// <param name="value">[batch, time, heads * value size].</param>
    /// <param name="counts">How many of them each sample gets, its first ones; empty: all.</param>
    /// <exception cref="ShapeException">Shapes do not fit, or a count is out of range.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on another device.</exception>
    public void Append(Tensor key, Tensor value, params ReadOnlySpan<int> counts)
    {
        Check(key, "the key", Heads * Size);
        Check(value, "the value", Heads * ValueSize);
        int time = key.Shape[1];
        if (value.Shape[1] != time) throw new ShapeException("KeyValueCache", $"the key {key.Shape} and the value {value.Shape} have different times.");
        Append(
            AttentionOperand.Joined(key.Buffer, time, Heads * Size, Size), AttentionOperand.Joined(value.Buffer, time, Heads * ValueSize, ValueSize), time, counts);
    }

    /// <summary>Makes sample b hold what sample <paramref name="source"/>[b] held, as a beam search does after each step.</summary>
    /// <param name="source">A sample for each.</param>
    /// <exception cref="ShapeException">There is no such sample, or there are more or fewer than the batch.</exception>
    public void Reorder(params ReadOnlySpan<int> source)
    {
        if (source.Length != Batch) throw new ShapeException("KeyValueCache", $"Reorder needs {Batch} samples, got {source.Length}.");
        Take("Reorder", source);
    }

    /// <summary>Goes on with some of the samples, a sample as often as it is named: <see cref="Batch"/> becomes their number.</summary>
    /// <param name="source">The samples, at least one.</param>
    /// <exception cref="ShapeException">There is no such sample, or none is named.</exception>
    public void Select(params ReadOnlySpan<int> source)
    {
        if (source.IsEmpty) throw new ShapeException("KeyValueCache", "Select needs a sample or more, got 0.");
        Take("Select", source);
    }

    private void Take(string operation, ReadOnlySpan<int> source)
    {
        foreach (int sample in source)
            if (sample < 0 || sample >= Batch) throw new ShapeException("KeyValueCache", $"{operation}: there is no sample {sample} among {Batch}.");
        Move(Capacity, source);
        int[] before = _lengths;
        _lengths = new int[source.Length];
        for (int b = 0; b < source.Length; b++) _lengths[b] = before[source[b]];
        if (Batch != source.Length)
        {
            Batch = source.Length;
            _steps.Free();
            _steps = Device.Allocate(2 * Batch, "steps of a key-value cache");
        }
        WriteSteps([]);
    }

    /// <summary>Forgets all steps; the room stays.</summary>
    public void Clear()
    {
        Array.Clear(_lengths);
        WriteSteps([]);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _keys.Free();
        _values.Free();
        _steps.Free();
    }

    /// <inheritdoc/>
    public override string ToString() => $"KeyValueCache {Batch} x {Heads} heads, {Longest} of {Capacity} steps, {Size} and {ValueSize} features";

    internal AttentionOperand Key => AttentionOperand.Apart(_keys, Heads, Capacity, Size);

    internal AttentionOperand Value => AttentionOperand.Apart(_values, Heads, Capacity, ValueSize);

    /// <summary>Steps held, [batch] first.</summary>
    internal DeviceBuffer Steps
    {
        get
        {
            if (Device.Recording is not null) return _captured ?? _steps;
            if (_isBehind) WriteSteps([]);
            return _steps;
        }
    }

    /// <summary>Steps that attention must reckon with: a captured step those that there will ever be.</summary>
    internal int Reach => Device.Captures ? Capacity : Longest;

    internal void Append(in AttentionOperand key, in AttentionOperand value, int time, ReadOnlySpan<int> counts)
    {
        if (counts.Length != 0 && counts.Length != Batch) throw new ShapeException("KeyValueCache", $"Append needs {Batch} counts or none, got {counts.Length}.");
        foreach (int count in counts)
            if (count < 0 || count > time) throw new ShapeException("KeyValueCache", $"Append: a count is {count}, expected 0 to {time}, the number of new steps.");
        if (Device.Captures)
        {
            AppendCaptured(key, value, time, counts);
            return;
        }
        int needed = 0;
        for (int b = 0; b < Batch; b++) needed = Math.Max(needed, _lengths[b] + (counts.Length == 0 ? time : counts[b]));
        if (needed > Capacity)
        {
            Span<int> same = stackalloc int[Math.Min(Batch, 256)];
            if (Batch > 256) same = new int[Batch];
            for (int b = 0; b < Batch; b++) same[b] = b;
            Move(Math.Max(needed, checked(2 * Capacity)), same);
        }
        Span<int> added = Batch > 256 ? new int[Batch] : stackalloc int[Batch];
        if (counts.Length == 0) added.Fill(time);
        else counts.CopyTo(added);
        for (int b = 0; b < Batch; b++) _lengths[b] += added[b];
        WriteSteps(added);
        Write(key, _keys, time, Size);
        Write(value, _values, time, ValueSize);
    }

    private void AppendCaptured(in AttentionOperand key, in AttentionOperand value, int time, ReadOnlySpan<int> counts)
    {
        if (counts.Length != 0) throw new InvalidOperationException("KeyValueCache: a captured step appends the same number of steps to each sample; leave counts out.");
        if (2 * Batch > StepRecording.MostWords) throw new InvalidOperationException($"KeyValueCache: a captured step appends to {StepRecording.MostWords / 2} samples at most, not to {Batch}.");
        if (Device.Recording is { } recording)
        {
            _captured = recording.Words(2 * Batch, words =>
            {
                Grow(time);
                _isBehind = true;
                for (int b = 0; b < Batch; b++) (words[b], words[Batch + b]) = ((uint)_lengths[b], (uint)time);
            });
        }
        else
        {
            Grow(time);
            Span<int> added = stackalloc int[Batch];
            added.Fill(time);
            WriteSteps(added);
        }
        Write(key, _keys, time, Size);
        Write(value, _values, time, ValueSize);
    }

    private void Grow(int time)
    {
        if (Longest + time > Capacity)
            throw new InvalidOperationException($"KeyValueCache: {this} has no room for {time} more steps, and a captured step cannot make it; give the cache its full capacity at first.");
        for (int b = 0; b < Batch; b++) _lengths[b] += time;
    }

    private void Write(in AttentionOperand from, DeviceBuffer cache, int time, int size) => Device.ForRows(
        new CacheAppend
        {
            From = from.Buffer.Floats,
            Cache = cache.Floats,
            Steps = Steps.Ints,
            Place = new(from),
            Batch = Batch,
            Heads = Heads,
            Time = time,
            Capacity = Capacity,
            Size = size,
        },
        Batch * Heads * time, size, 5f + 0.1f * size);

    private void Move(int capacity, ReadOnlySpan<int> source)
    {
        int longest = Longest;
        var index = Device.Allocate(source.Length, "samples of a key-value cache");
        index.Write(source);
        _keys = Move(_keys, Size, capacity, longest, index, source.Length);
        _values = Move(_values, ValueSize, capacity, longest, index, source.Length);
        index.Free();
        Capacity = capacity;
    }

    private DeviceBuffer Move(DeviceBuffer from, int size, int capacity, int longest, DeviceBuffer index, int batch)
    {
        var to = Device.Allocate(checked(batch * Heads * capacity * size), Label);
        Device.ForRows(
            new CacheCopy
            {
                From = from.Floats,
                To = to.Floats,
                Index = index.Ints,
                Heads = Heads,
                FromStep = Capacity * size,
                ToStep = capacity * size,
                Count = longest * size,
            },
            batch * Heads, longest * size, 5f + 0.1f * longest * size);
        from.Free();
        return to;
    }

    private DeviceBuffer Allocate(int size, int capacity) => Device.Allocate(checked(Batch * Heads * capacity * size), Label);

    private void WriteSteps(ReadOnlySpan<int> added)
    {
        Span<int> steps = Batch > 256 ? new int[2 * Batch] : stackalloc int[2 * Batch];
        steps.Clear();
        _lengths.CopyTo(steps);
        added.CopyTo(steps[Batch..]);
        _steps.Write(steps);
        _isBehind = false;
    }

    private void Check(Tensor tensor, string name, int row)
    {
        if (tensor.Shape.Rank != 3 || tensor.Shape[0] != Batch || tensor.Shape[2] != row)
            throw new ShapeException("KeyValueCache", $"{name} has shape {tensor.Shape}, expected [{Batch}, time, {row}].");
        Op.CheckDevice("KeyValueCache", Device, tensor.Device);
    }
}
