using System.Diagnostics;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class PrefetcherTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 10_000)]
    public async Task Batches_come_in_order_and_equal_their_number_after_any_jump()
    {
        await Task.Yield();
        using var batches = new Prefetcher<long>(index => index * index, start: 3);
        for (long i = 3; i < 50; i++) Assert.Equal(i * i, batches.Next(Stop));
        Assert.Equal(50, batches.Position);
        foreach (long jump in (long[])[7, 8, 9, 1000, 0, 51, 51])
        {
            Assert.Equal(jump * jump, batches.Get(jump, Stop));
            Assert.Equal(jump + 1, batches.Position);
        }
        using var resumed = new Prefetcher<long>(index => index * index, batches.Position);
        Assert.Equal(52 * 52, resumed.Next(Stop));
    }

    [Fact(Timeout = 10_000)]
    public async Task No_more_than_the_capacity_waits()
    {
        long made = 0;
        using var batches = new Prefetcher<long>(index => { Interlocked.Increment(ref made); return index; }, capacity: 3);
        batches.Next(Stop);
        while (Interlocked.Read(ref made) < 4) await Task.Delay(1, Stop);
        await Task.Delay(50, Stop);
        Assert.Equal(4, Interlocked.Read(ref made));
    }

    [Fact(Timeout = 10_000)]
    public async Task An_exception_comes_out_where_its_batch_is_asked_for()
    {
        await Task.Yield();
        bool broken = true;
        using var batches = new Prefetcher<long>(index => index == 2 && Volatile.Read(ref broken) ? throw new InvalidDataException("batch 2") : index);
        Assert.Equal(0, batches.Next(Stop));
        Assert.Equal(1, batches.Next(Stop));
        Assert.Equal("batch 2", Assert.Throws<InvalidDataException>(() => batches.Next(Stop)).Message);
        Assert.Equal(2, batches.Position);
        Volatile.Write(ref broken, false);
        // One failure made before the repair may still wait in line.
        long batch;
        try { batch = batches.Next(Stop); }
        catch (InvalidDataException) { batch = batches.Next(Stop); }
        Assert.Equal(2, batch);
        Assert.Equal(3, batches.Next(Stop));
    }

    [Fact(Timeout = 10_000)]
    public async Task Waiting_can_be_cancelled_and_goes_on_later()
    {
        using var open = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        using var batches = new Prefetcher<long>(index => { open.Wait(Stop); return index; });
        var waiting = Task.Run(() => batches.Next(cancel.Token), Stop);
        await Task.Delay(30, Stop);
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        open.Set();
        Assert.Equal(0, batches.Next(Stop));
    }

    [Fact(Timeout = 10_000)]
    public async Task Disposing_does_not_wait_for_a_slow_batch_and_wakes_who_waits()
    {
        using var open = new ManualResetEventSlim();
        var batches = new Prefetcher<long>(index => { open.Wait(); return index; });
        var waiting = Task.Run(() => batches.Next(), Stop);
        await Task.Delay(30, Stop);
        var watch = Stopwatch.StartNew();
        batches.Dispose();
        batches.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.True(watch.ElapsedMilliseconds < 2000);
        Assert.Throws<ObjectDisposedException>(() => batches.Next(Stop));
        open.Set();
    }

    private sealed class Owned : IDisposable
    {
        private int _disposed;

        public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

        public void Dispose() => Volatile.Write(ref _disposed, 1);
    }

    [Fact(Timeout = 10_000)]
    public async Task Batches_nobody_took_are_disposed_those_taken_are_not()
    {
        var made = new System.Collections.Concurrent.ConcurrentBag<Owned>();
        var batches = new Prefetcher<Owned>(_ => { var owned = new Owned(); made.Add(owned); return owned; }, capacity: 4);
        var taken = batches.Next(Stop);
        while (made.Count < 5) await Task.Delay(1, Stop);
        batches.Dispose();
        while (made.Count(o => o.IsDisposed) < 4) await Task.Delay(1, Stop);
        Assert.False(taken.IsDisposed);
    }
}
