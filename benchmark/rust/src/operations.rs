//! What is measured, through aerospike-core's own API. Each operation checks what it got, as the JavaScript clients do.

use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::operations::lists::{self, ListReturnType};
use aerospike_core::operations::maps::{self, MapPolicy};
use aerospike_core::{
    BatchOperation, BatchPolicy, BatchReadPolicy, BatchRecord, BatchWritePolicy, Bins, Client, Error, ReadPolicy,
    Record, ResultCode, Value, WritePolicy, operations,
};

use crate::data::{
    self, BATCH_PUT_SET, BATCH_SET, Batch, EMBEDDING_SET, NUMBER_BINS, OPERATE_SET, PUT_SET, Random, WIDE_BINS,
    WIDE_BYTES, WIDE_SET, WIDTH,
};
use crate::options::{Kind, Options};
use crate::queries;

/// In the suite `mixed`, one in this many operations is a write.
const WRITE_EVERY: u32 = 5;
/// Different batches that take turns.
const BATCHES: u32 = 16;

/// Why a measurement is void.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A client and all that its operations need, made before the clock runs.
pub struct Work {
    client: Client,
    kind: Kind,
    ids: Vec<String>,
    batches: Vec<Batch>,
    read: ReadPolicy,
    write: WritePolicy,
    batch: BatchPolicy,
    batch_write: BatchPolicy,
    row: BatchReadPolicy,
    /// Those that columns are read from, by name, as the addon asks for them.
    bins: Bins,
    wide: Bins,
    embedding: Bins,
    rows: u32,
    timeout_ms: u32,
    set: String,
    records: u32,
}

impl Work {
    /// Prepares one measurement.
    pub fn new(client: Client, options: &Options) -> Self {
        let mut work = Work {
            client,
            kind: options.kind,
            ids: data::user_ids(),
            batches: data::batches(options.kind.batch_rows(options.rows), BATCHES),
            read: ReadPolicy::default(),
            write: WritePolicy::default(),
            batch: BatchPolicy::default(),
            batch_write: BatchPolicy::write_default(),
            row: BatchReadPolicy::default(),
            bins: Bins::Some(NUMBER_BINS.map(String::from).into()),
            wide: Bins::Some((0..WIDE_BINS).map(|bin| format!("s{bin}")).collect()),
            embedding: Bins::Some(vec!["v".into()]),
            rows: options.rows,
            timeout_ms: options.timeout_ms,
            set: options.set.clone(),
            records: options.records,
        };
        for base in [
            &mut work.read.base_policy,
            &mut work.write.base_policy,
            &mut work.batch.base_policy,
            &mut work.batch_write.base_policy,
        ] {
            base.total_timeout = options.timeout_ms;
        }
        work
    }

    /// One operation. Gives the nanoseconds until the first record, where it is a query.
    pub async fn run(&self, random: &mut Random) -> Result<Option<u64>, Failure> {
        match self.kind {
            Kind::QueryRecords => {
                let queried = queries::records(&self.client, self.rows, self.timeout_ms).await?;
                queried.check(self.rows).map(Some)
            }
            Kind::QueryColumns => {
                let queried = queries::columns(&self.client, self.rows, self.timeout_ms).await?;
                queried.check(self.rows).map(Some)
            }
            _ => self.command(random.index()).await.map(|()| None),
        }
    }

    async fn command(&self, index: u32) -> Result<(), Failure> {
        match self.kind {
            Kind::Get => self.get(index).await,
            Kind::Put => self.put(index).await,
            Kind::Exists => self.exists(index).await,
            Kind::Mixed if index.is_multiple_of(WRITE_EVERY) => self.put(index).await,
            Kind::Mixed => self.get(index).await,
            Kind::Operate => self.operate(index).await,
            Kind::BatchRead => self.batch_read(&self.batches[(index % BATCHES) as usize]).await,
            Kind::BatchReadColumns => self.batch_columns(&self.batches[(index % BATCHES) as usize]).await,
            Kind::BatchReadWide => self.batch_wide(&self.batches[(index % BATCHES) as usize]).await,
            Kind::BatchReadEmbeddings => self.batch_embeddings(&self.batches[(index % BATCHES) as usize]).await,
            // The core has no columns to be written: rows are made of them.
            Kind::BatchWrite | Kind::BatchWriteColumns => {
                self.batch_write(&self.batches[(index % BATCHES) as usize]).await
            }
            Kind::QueryRecords | Kind::QueryColumns => Ok(()),
        }
    }

    /// Looks at what was written; to be called when all is done.
    pub async fn verify(&self) -> Result<(), Failure> {
        if self.kind != Kind::Put {
            return Ok(());
        }
        let mut random = Random::new(0);
        let index = random.index();
        let key = data::key(PUT_SET, &self.ids[index as usize])?;
        let record = self.client.get(&self.read, &key, Bins::All).await?;
        for bin in data::user_bins(index) {
            if record.bins.get(&bin.name) != Some(&bin.value) {
                return Err(format!("bin {} was not written as it was given", bin.name).into());
            }
        }
        Ok(())
    }

    async fn get(&self, index: u32) -> Result<(), Failure> {
        let index = index % self.records;
        let key = data::key(&self.set, &self.ids[index as usize])?;
        let record = self.client.get(&self.read, &key, Bins::All).await?;
        if data::number(&record, "visits") == Some(f64::from(index)) {
            Ok(())
        } else {
            Err(wrong("get"))
        }
    }

    async fn exists(&self, index: u32) -> Result<(), Failure> {
        let key = data::key(&self.set, &self.ids[index as usize])?;
        if self.client.exists(&self.read, &key).await? {
            Ok(())
        } else {
            Err(wrong("exists"))
        }
    }

    async fn put(&self, index: u32) -> Result<(), Failure> {
        let key = data::key(PUT_SET, &self.ids[index as usize])?;
        self.client.put(&self.write, &key, &data::user_bins(index)).await?;
        Ok(())
    }

    async fn operate(&self, index: u32) -> Result<(), Failure> {
        let key = data::key(OPERATE_SET, &self.ids[index as usize])?;
        let operations = [
            lists::get_by_rank_range_count("scores", -3, 3, ListReturnType::VALUES),
            maps::put(
                &MapPolicy::default(),
                "counts",
                Value::from("last"),
                Value::from(i64::from(index)),
            ),
        ];
        let record = self.client.operate(&self.write, &key, &operations).await?;
        let highest = match record.bins.get("scores") {
            Some(Value::List(scores)) => scores.iter().map(|score| match score {
                Value::Int(score) => *score,
                _ => 0,
            }),
            _ => return Err(wrong("operate")),
        };
        if highest.sum::<i64>() == 7 + 8 + 9 && data::number(&record, "counts") == Some(6.0) {
            Ok(())
        } else {
            Err(wrong("operate"))
        }
    }

    fn operations(&self, set: &str, batch: &Batch, bins: &Bins) -> Result<Vec<BatchOperation>, Error> {
        let keys = batch.ids.iter().map(|id| data::key(set, id));
        keys.map(|key| Ok(BatchOperation::read(&self.row, key?, bins.clone())))
            .collect()
    }

    async fn batch_read(&self, batch: &Batch) -> Result<(), Failure> {
        let mut operations = self.operations(BATCH_SET, batch, &Bins::All)?;
        self.client.batch(&self.batch, &mut operations).await?;
        let mut sum = 0.0;
        for operation in &operations {
            let record = operation.record().ok_or_else(|| wrong("batch"))?;
            for bin in NUMBER_BINS {
                sum += data::number(record, bin).ok_or_else(|| wrong("batch"))?;
            }
        }
        checked(sum, batch)
    }

    async fn batch_write(&self, batch: &Batch) -> Result<(), Failure> {
        let policy = BatchWritePolicy::default();
        let rows = batch.ids.iter().zip(&batch.indexes).map(|(id, index)| {
            let written: Vec<_> = data::number_bins(*index).iter().map(operations::put).collect();
            Ok(BatchOperation::write(&policy, data::key(BATCH_PUT_SET, id)?, written))
        });
        let mut rows = rows.collect::<Result<Vec<_>, Error>>()?;
        self.client.batch(&self.batch_write, &mut rows).await?;
        if rows.iter().all(|row| row.result_code() == Some(ResultCode::Ok)) {
            Ok(())
        } else {
            Err(wrong("batch"))
        }
    }

    async fn batch_columns(&self, batch: &Batch) -> Result<(), Failure> {
        let mut operations = self.operations(BATCH_SET, batch, &self.bins)?;
        let columns = Arc::new(Mutex::new(Columns::new(operations.len())));
        let rows = Arc::clone(&columns);
        let on_row = move |row: usize, outcome: &BatchRecord| {
            if let Some(record) = &outcome.record {
                rows.lock().unwrap_or_else(PoisonError::into_inner).fill(row, record);
            }
            std::future::ready(true)
        };
        self.client.batch_foreach(&self.batch, &mut operations, on_row).await?;
        let columns = columns.lock().unwrap_or_else(PoisonError::into_inner);
        if columns.filled != operations.len() {
            return Err(wrong("batch_foreach"));
        }
        checked(columns.sum(), batch)
    }

    /// The strings of all rows, one after the other.
    async fn batch_wide(&self, batch: &Batch) -> Result<(), Failure> {
        let mut operations = self.operations(WIDE_SET, batch, &self.wide)?;
        let texts = Arc::new(Mutex::new(vec![Vec::new(); WIDE_BINS]));
        let columns = Arc::clone(&texts);
        let on_row = move |_: usize, outcome: &BatchRecord| {
            if let Some(record) = &outcome.record {
                let mut columns = columns.lock().unwrap_or_else(PoisonError::into_inner);
                for (column, value) in columns.iter_mut().zip(record.bins.values()) {
                    if let Value::String(text) = value {
                        column.extend_from_slice(text.as_bytes());
                    }
                }
            }
            std::future::ready(true)
        };
        self.client.batch_foreach(&self.batch, &mut operations, on_row).await?;
        let texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.iter().all(|column| column.len() == operations.len() * WIDE_BYTES) {
            Ok(())
        } else {
            Err(wrong("batch_foreach"))
        }
    }

    async fn batch_embeddings(&self, batch: &Batch) -> Result<(), Failure> {
        let mut operations = self.operations(EMBEDDING_SET, batch, &self.embedding)?;
        let bytes = WIDTH * 4;
        let all = Arc::new(Mutex::new(vec![0_u8; operations.len() * bytes]));
        let rows = Arc::clone(&all);
        let on_row = move |row: usize, outcome: &BatchRecord| {
            if let Some(Value::Blob(vector)) = outcome.record.as_ref().and_then(|record| record.bins.get("v")) {
                let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                rows[row * bytes..(row + 1) * bytes].copy_from_slice(vector);
            }
            std::future::ready(true)
        };
        self.client.batch_foreach(&self.batch, &mut operations, on_row).await?;
        let all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut firsts = batch.indexes.iter().zip(all.chunks_exact(bytes));
        if firsts.all(|(index, row)| row[..4] == (*index as f32).to_le_bytes()) {
            Ok(())
        } else {
            Err(wrong("batch_foreach"))
        }
    }
}

fn wrong(what: &str) -> Failure {
    format!("{what} gave something else than what is stored").into()
}

fn checked(sum: f64, batch: &Batch) -> Result<(), Failure> {
    if sum == batch.sum {
        Ok(())
    } else {
        Err(wrong("a batch"))
    }
}

/// The same columns as the JavaScript clients fill.
struct Columns {
    filled: usize,
    a: Vec<i32>,
    b: Vec<i32>,
    c: Vec<f64>,
    d: Vec<f64>,
    e: Vec<f32>,
}

impl Columns {
    fn new(rows: usize) -> Self {
        Columns {
            filled: 0,
            a: vec![0; rows],
            b: vec![0; rows],
            c: vec![0.0; rows],
            d: vec![0.0; rows],
            e: vec![0.0; rows],
        }
    }

    fn fill(&mut self, row: usize, record: &Record) {
        let number = |bin| data::number(record, bin).unwrap_or(f64::NAN);
        self.a[row] = number("a") as i32;
        self.b[row] = number("b") as i32;
        self.c[row] = number("c");
        self.d[row] = number("d");
        self.e[row] = number("e") as f32;
        self.filled += 1;
    }

    fn sum(&self) -> f64 {
        let integers: f64 = self.a.iter().chain(&self.b).copied().map(f64::from).sum();
        let doubles: f64 = self.c.iter().chain(&self.d).sum();
        integers + doubles + self.e.iter().copied().map(f64::from).sum::<f64>()
    }
}
