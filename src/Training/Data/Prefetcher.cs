using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace GpuNets.Training;

/// <summary>
/// Makes host batches ahead of time on a thread of its own. A batch is a function of its number (and of the seed that the
/// function holds), so a number gives the same batch whatever was asked for before: a run resumes by asking for the number
/// where it stopped. Batches asked for in order are ready; a jump starts over from the new number.
/// </summary>
/// <typeparam name="T">A batch.</typeparam>
public sealed class Prefetcher<T> : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Slot> _ready = [];
    private readonly Func<long, T> _produce;
    private readonly int _capacity;
    private long _next;
    private int _generation;
    private bool _disposed;

    /// <summary>Starts making batches.</summary>
    /// <param name="produce">Makes the batch of a number; called on another thread, one call at a time, in order.</param>
    /// <param name="start">The number that will be asked for first.</param>
    /// <param name="capacity">How many finished batches wait at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="start"/> is negative or <paramref name="capacity"/> below 1.</exception>
    public Prefetcher(Func<long, T> produce, long start = 0, int capacity = 2)
    {
        ArgumentNullException.ThrowIfNull(produce);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _produce = produce;
        _capacity = capacity;
        _next = Position = start;
        // A thread, not a task: a batch may take long, and pool threads are for short work. It never keeps the process alive.
        new Thread(Work) { IsBackground = true, Name = "batches" }.Start();
    }

    /// <summary>The number that follows the batch taken last; save it, and give it to <see cref="Get"/> to go on from there.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the next batch, waiting until it is made.</summary>
    /// <inheritdoc cref="Get"/>
    public T Next(CancellationToken cancellation = default) => Get(Position, cancellation);

    /// <summary>Takes the batch of a number, waiting until it is made.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while it waited; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The prefetcher is disposed.</exception>
    /// <remarks>An exception of the producing function comes out of the call that asks for its batch; asking again tries again.</remarks>
    public T Get(long index, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        using var wake = cancellation.Register(Wake);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (index != Position) Restart(index);
            while (_ready.Count == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
                ObjectDisposedException.ThrowIf(_disposed, this);
            }
            var slot = _ready.Dequeue();
            if (slot.Error is not null)
            {
                // The thread went on past the failure; the same number is due again.
                Restart(index);
                slot.Error.Throw();
            }
            Position = index + 1;
            Monitor.PulseAll(_gate);
            return slot.Batch!;
        }
    }

    /// <summary>Stops making batches. Does not wait for the one at work, which is dropped when it is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Clear();
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void Restart(long index)
    {
        _next = Position = index;
        Clear();
    }

    private void Clear()
    {
        _generation++;
        while (_ready.TryDequeue(out var slot)) (slot.Batch as IDisposable)?.Dispose();
        Monitor.PulseAll(_gate);
    }

    private void Work()
    {
        while (true)
        {
            long index;
            int generation;
            lock (_gate)
            {
                while (!_disposed && _ready.Count >= _capacity) Monitor.Wait(_gate);
                if (_disposed) return;
                (index, generation) = (_next++, _generation);
            }
            var slot = Produce(index);
            lock (_gate)
            {
                if (generation == _generation) _ready.Enqueue(slot);
                else (slot.Batch as IDisposable)?.Dispose();
                Monitor.PulseAll(_gate);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The exception goes to the thread that asks for the batch.")]
    private Slot Produce(long index)
    {
        try
        {
            return new Slot(_produce(index), null);
        }
        catch (Exception e)
        {
            return new Slot(default, ExceptionDispatchInfo.Capture(e));
        }
    }

    private readonly record struct Slot(T? Batch, ExceptionDispatchInfo? Error);
}
